// What the comparison with POT asks of us: a line of JSON {"cost", "a", "b", "epsilon", "rho": [_, _], "tolerance"}
// with null for an exact marginal; answers a line {"converged", "iterations", "residual"[, "plan", "cost",
// "objective"]}.
#include <ATen/ATen.h>

#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/ot/sinkhorn.h"

namespace heddle::ot {
namespace {

using nlohmann::json;

at::Tensor VectorOf(const json& numbers) { return at::tensor(numbers.get<std::vector<double>>(), at::kDouble); }

double Weight(const json& number) {
  return number.is_null() ? std::numeric_limits<double>::infinity() : number.get<double>();
}

json Answer(const json& question) {
  std::vector<at::Tensor> rows;
  for (const json& row : question.at("cost")) rows.push_back(VectorOf(row));
  const SinkhornOptions options{.epsilon = question.at("epsilon"),
                                .marginal_a = Weight(question.at("rho").at(0)),
                                .marginal_b = Weight(question.at("rho").at(1)),
                                .tolerance = question.at("tolerance"),
                                .max_iterations = 1'000'000};
  const SinkhornResult result =
      Sinkhorn(at::stack(rows), options, {.a_N = VectorOf(question.at("a")), .b_M = VectorOf(question.at("b"))});
  json answer = {
      {"converged", result.transport.has_value()}, {"iterations", result.iterations}, {"residual", result.residual}};
  if (!result.transport) return answer;
  const at::Tensor plan = result.transport->plan_NM.contiguous();
  const auto* numbers = plan.const_data_ptr<double>();
  answer["plan"] = std::vector<double>(numbers, numbers + plan.numel());
  answer["cost"] = result.transport->cost;
  answer["objective"] = result.transport->objective;
  return answer;
}

}  // namespace
}  // namespace heddle::ot

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << heddle::ot::Answer(nlohmann::json::parse(line)) << std::endl;
  }
}
