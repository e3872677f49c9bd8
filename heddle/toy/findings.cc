#include "heddle/toy/findings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "heddle/toy/analysis.h"
#include "heddle/toy/published.h"

namespace heddle::toy {
namespace {

std::string Format(const char* form, auto... values) {
  char text[200];
  std::snprintf(text, sizeof(text), form, values...);
  return text;
}

struct Cell {
  int i = 0, j = 0;
  double loss = 0;
};

Cell Extreme(const Sweep& sweep, const std::vector<int>& seeds, bool best) {
  Cell found{-1, -1, 0};
  for (int i = 0; i < sweep.num_delta_z(); ++i) {
    for (int j = 0; j < sweep.num_w(); ++j) {
      const double loss = MeanLoss(sweep, seeds, i, j, Measure::kWhole);
      if (found.i < 0 || (best ? loss < found.loss : loss > found.loss)) found = {i, j, loss};
    }
  }
  return found;
}

std::string Describe(const Sweep& sweep, const Cell& cell) {
  return Format("Δz = %g with w = %g, loss %.3g", sweep.options().delta_z[std::size_t(cell.i)],
                sweep.options().w[std::size_t(cell.j)], cell.loss);
}

// Falls from the first value to the least and rises to the last: the least lies inside, and both ends are above it.
struct Shape {
  bool u = false;
  std::size_t least = 0;
  double left = 0, right = 0;  // the ends over the least
};
Shape ShapeOf(const std::vector<double>& log_means) {
  const auto least = std::size_t(std::min_element(log_means.begin(), log_means.end()) - log_means.begin());
  return {least > 0 && least + 1 < log_means.size(), least, std::pow(10, log_means.front() - log_means[least]),
          std::pow(10, log_means.back() - log_means[least])};
}

std::vector<double> MeansAlong(const Sweep& sweep, const std::vector<int>& seeds, bool over_delta_z) {
  std::vector<double> means;
  const int outer = over_delta_z ? sweep.num_delta_z() : sweep.num_w(),
            inner = over_delta_z ? sweep.num_w() : sweep.num_delta_z();
  for (int a = 0; a < outer; ++a) {
    double sum = 0;
    for (int b = 0; b < inner; ++b) {
      sum += std::log10(over_delta_z ? MeanLoss(sweep, seeds, a, b, Measure::kWhole)
                                     : MeanLoss(sweep, seeds, b, a, Measure::kWhole));
    }
    means.push_back(sum / inner);
  }
  return means;
}

Finding UShape(const Sweep& sweep, const std::vector<int>& seeds, bool over_delta_z) {
  const Shape shape = ShapeOf(MeansAlong(sweep, seeds, over_delta_z));
  const double at = (over_delta_z ? sweep.options().delta_z : sweep.options().w)[shape.least];
  const char* name = over_delta_z ? "Δz" : "w";
  return {over_delta_z ? "Over Δz the mean loss is U-shaped: neither coinciding nor distant planes are best"
                       : "Over w the mean loss is U-shaped: neither all source nor all target is best",
          "least inside, both ends higher",
          Format("least at %s = %g; the ends are %.3g and %.3g times it", name, at, shape.left, shape.right), shape.u,
          ""};
}

std::string NoteOnOrder(const stats::AnovaComponent& rows, const stats::AnovaComponent& columns) {
  std::string note =
      "The shares depend on the ends of the grid and on every detail of the training; nothing here was tuned until "
      "they "
      "agree.";
  if (!rows.interval || !columns.interval) return note;
  const stats::Interval &a = *rows.interval, &b = *columns.interval;
  note += Format(" 95 %% intervals: Δz %.2f to %.2f, w %.2f to %.2f", a.low, a.high, b.low, b.high);
  return note +
         (a.low > b.high || b.low > a.high ? "." : ": they overlap, so these seeds do not settle which is larger.");
}

std::vector<Finding> AnovaFindings(const Sweep& sweep, const std::vector<int>& seeds) {
  const std::optional<stats::Anova> anova = AnovaOf(sweep, seeds, Measure::kOod);
  if (!anova) return {};
  const PublishedToy paper;
  const auto& [rows, columns, interaction] = std::tie(anova->row, anova->column, anova->interaction);
  std::vector<Finding> findings;
  findings.push_back(
      {"Out of distribution, Δz explains more of the variance of the log loss than w or their interaction",
       Format("shares .%.0f / .%.0f / .%.0f (Δz / w / interaction)", paper.share_delta_z * 100, paper.share_w * 100,
              paper.share_interaction * 100),
       Format("%.2f / %.2f / %.2f", rows.share, columns.share, interaction.share),
       rows.share > columns.share && rows.share > interaction.share, NoteOnOrder(rows, columns)});
  if (interaction.p) {
    findings.push_back({"The interaction of Δz and w is more than noise between seeds",
                        "F-test against the residual, p < .01",
                        Format("F = %.2f, p = %.2g", *interaction.f, *interaction.p), *interaction.p < 0.01, ""});
  }
  return findings;
}

}  // namespace

std::vector<Finding> Findings(const Sweep& sweep, const std::vector<int>& seeds) {
  const ToyOptions paper_grid;
  if (seeds.empty() || sweep.options().delta_z != paper_grid.delta_z || sweep.options().w != paper_grid.w) return {};
  const PublishedToy paper;
  std::vector<Finding> findings = AnovaFindings(sweep, seeds);

  const Cell best = Extreme(sweep, seeds, true), worst = Extreme(sweep, seeds, false);
  const double best_dz = sweep.options().delta_z[std::size_t(best.i)], best_w = sweep.options().w[std::size_t(best.j)];
  findings.push_back({"The best cell has planes near but apart and little target",
                      Format("%s; Δz in [1, 10], w in [.01, .1]", paper.best), Describe(sweep, best),
                      best_dz >= 1 && best_dz <= 10 && best_w >= 0.01 && best_w <= 0.1, ""});
  findings.push_back(
      {"The worst cell is the farthest plane with the least target", paper.worst, Describe(sweep, worst),
       worst.i + 1 == sweep.num_delta_z() && worst.j == 0,
       worst.loss < 2500 ? "The size of the published loss was not reached; its training is not described." : ""});
  findings.push_back(UShape(sweep, seeds, true));
  findings.push_back(UShape(sweep, seeds, false));

  double low = 1e300, high = 0;
  for (int j = 0; j < sweep.num_w(); ++j) {
    low = std::min(low, MeanLoss(sweep, seeds, 0, j, Measure::kWhole));
    high = std::max(high, MeanLoss(sweep, seeds, 0, j, Measure::kWhole));
  }
  findings.push_back({"Where the planes coincide, w makes little difference", paper.flat,
                      Format("from %.3g to %.3g", low, high), high < 2 * low, ""});
  if (seeds.size() == 1) {
    for (Finding& finding : findings) {
      finding.note +=
          std::string(finding.note.empty() ? "" : " ") + "Expected of the mean over seeds; this run has one.";
    }
  }
  return findings;
}

}  // namespace heddle::toy
