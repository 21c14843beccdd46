#pragma once

#include "runner/expected_times.hpp"
#include "runner/printer.hpp"
#include "runner/screen.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace labctl::runner {

// Shows on a terminal, below what a printer prints, what every job does now and since when, and how long the
// run will still take:
//
//   new-service      should 12/37  have a key in the KV store               3 s
//   reverse-service  because  it is deployed with master core4 and sla…    10 s
//   12 of 41 ended, 130 s, about 3 min left
//
// Passes every event on to the printer first. Shows the status again every second, in a thread of its own.
class Progress : public Printer {
public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;

  // All of them must outlive this object. `now` is called in both threads.
  Progress(Printer& printer, Screen& screen, const ExpectedTimes& times, Now now = Clock::now);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void plan(const RunPlan& plan) override;
  void scenario_begins(const Running& run) override;
  void step_begins(const Running& run, Phase phase, const Step& step) override;
  void step_ends(const Running& run, const StepResult& result) override;
  void scenario_ends(const Running& run, const ScenarioResult& result) override;
  // Ends the status.
  void summary(const RunResult& run, const std::string& report) override;

private:
  struct Job {
    std::string scenario;
    std::string title;  // with the attempt
    bool alone = false;
    Clock::time_point since;  // of the scenario
    Phase phase = Phase::given;
    std::string step;
    Clock::time_point step_since;
    int shoulds = 0;  // that have begun
    int of_shoulds = 0;
  };

  void show();
  std::vector<std::string> status() const;
  std::string line(const Job& job, std::size_t title_width) const;
  std::string total() const;
  void tick(const std::stop_token& stop);

  Printer& printer_;
  Screen& screen_;
  const ExpectedTimes& times_;
  Now now_;

  std::mutex mutex_;  // protects the screen, the printer and everything below
  std::condition_variable_any ended_;
  int jobs_ = 1;
  std::size_t planned_ = 0;
  std::size_t has_ended_ = 0;
  Clock::time_point start_;
  std::vector<std::pair<std::string, Due>> waiting_;  // by title
  std::map<int, Job> running_;                        // by number
  std::jthread ticker_;                               // last: it uses all of the above
};

}  // namespace labctl::runner
