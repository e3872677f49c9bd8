// What a finished sweep says: regimes, analysis of variance, the best ratio of each row. Findings hold it against the
// paper (heddle/toy/findings.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heddle/stats/anova.h"
#include "heddle/toy/sweep.h"

namespace heddle::toy {

// One number of each net: which error is meant.
enum class Measure { kOod, kOodMedian, kWhole, kCovered };
inline constexpr Measure kMeasures[] = {Measure::kOod, Measure::kOodMedian, Measure::kWhole, Measure::kCovered};
std::string MeasureName(Measure measure);
double ValueOf(const Losses& losses, Measure measure);

// The least error out of distribution among the seed's target-only nets. They see no source, and their Δz is only a
// constant input; yet single ones go far astray where it is large, and beating those would be no merit of the source.
double TargetOnlyOod(const Sweep& sweep, int seed);

// log10 of that over this net's error out of distribution: above 0 where the source helped.
double TransferOf(const Sweep& sweep, const NetKey& key);

// A cell over the complete seeds: means, the name that most seeds give, and the share of seeds that agree.
struct CellRegime {
  Regime regime = Regime::kDisjoint;
  double transfer = 0, two_modes = 0, source_share = 0, sure = 0;
};
CellRegime RegimeOfCell(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w);

// Geometric mean over the seeds.
double MeanLoss(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w, Measure measure);

// Two-way analysis of variance of log loss: rows Δz, columns w, blocks seeds. Nothing for grids of one row or column.
std::optional<stats::Anova> AnovaOf(const Sweep& sweep, const std::vector<int>& seeds, Measure measure);

// Where over w the error out of distribution is least in a row whose cells are mostly structured, and by what factor
// that beats target-only. With two seeds or more the factor is measured on each seed at the w that is best on the
// others (choosing and measuring on the same seed would flatter it) and has a t interval over seeds in the logarithm.
struct BestRatio {
  double delta_z = 0;
  double w = 0, w_low = 0, w_high = 0;  // on the mean over seeds; least and greatest of the single seeds
  double ood = 0, target_only_ood = 0;
  double factor = 0;
  std::optional<std::pair<double, double>> factor_interval = std::nullopt;
};
std::vector<BestRatio> BestRatios(const Sweep& sweep, const std::vector<int>& seeds);

}  // namespace heddle::toy
