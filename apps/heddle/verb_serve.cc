// heddle serve: a checkpoint as a policy server.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/core/stop.h"
#include "heddle/core/text.h"
#include "heddle/serve/policy_service.h"
#include "heddle/wire/policy_server.h"

namespace heddle::cli {
namespace {

struct ServeFlags {
  std::string checkpoint;
  wire::PolicyServerOptions server;
  std::optional<double> guidance;
  std::vector<std::string> act_as;
  bool json = false;
};

constexpr auto kLook = std::chrono::milliseconds(50);

int Run(const ServeFlags& flags, const Console& console) {
  policy::ActingChanges changes{.guidance = flags.guidance};
  for (const std::string& setting : flags.act_as) policy::AddActAs(setting, changes);
  serve::PolicyService service = serve::PolicyService::Load(flags.checkpoint, changes);
  StopFlag stop;
  const InterruptScope interrupt(stop);
  std::mutex mutex;  // of stderr
  wire::PolicyServerOptions options = flags.server;
  options.on_problem = [&](const std::string& problem) {
    const std::lock_guard lock(mutex);
    console.err << WithoutControls(problem) << std::endl;
  };
  wire::PolicyServer server(service.Metadata(), [&](const wire::Value& seen) { return service.Answer(seen); }, options);
  const std::string url =
      wire::PolicyUrl{.host = options.address == "0.0.0.0" ? "127.0.0.1" : options.address, .port = server.port()}
          .Text();
  if (flags.json) {
    const nlohmann::ordered_json facts = {{"url", url}, {"checkpoint_hash", service.checkpoint_hash()}};
    console.out << DumpJson(facts, 2) << std::endl;
  } else {
    console.out << serve::ServiceText(service) << "serving at " << url << "; Ctrl-C stops" << std::endl;
  }
  while (!stop.requested()) std::this_thread::sleep_for(kLook);
  server.Stop();
  return 128 + interrupt.signal();
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<ServeFlags>();
  app.add_option("CHECKPOINT", flags->checkpoint, "the folder of a checkpoint, or of a run: its latest")->required();
  app.add_option("--host", flags->server.address, "the address to listen at; 0.0.0.0 lets everybody in the network ask")
      ->capture_default_str()
      ->type_name("ADDRESS");
  app.add_option("--port", flags->server.port, "0: a free one")->capture_default_str()->type_name("N");
  app.add_option("--guidance", flags->guidance, "lambda; default: the card's")
      ->type_name("X")
      ->check(CLI::Range(-10.0, 10.0));
  app.add_option("--act-as", flags->act_as, "label that the policy is told, in place of its card's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--allow-origin", flags->server.allowed_origins,
                 "site whose pages may ask from a browser, e.g. http://localhost:3000; may be repeated")
      ->type_name("ORIGIN")
      ->allow_extra_args(false);
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb ServeVerb() {
  return {.name = "serve",
          .group = VerbGroup::kServing,
          .reads = "a checkpoint and its card",
          .leaves = "nothing: a policy server that openpi-client talks to",
          .about =
              "Serves a checkpoint over the openpi websocket protocol until Ctrl-C. Every observation is held against "
              "the card before the policy acts on it; what does not fit is named. The actions are those of heddle eval "
              "in one process, bit for bit.",
          .example = "heddle serve runs/first\n  heddle serve runs/first --port 9000 --guidance -0.5",
          .add = Add};
}

}  // namespace heddle::cli
