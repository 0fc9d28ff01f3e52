// Has TF_CPP_MIN_LOG_LEVEL hold for all of TensorFlow's log. TensorFlow itself heeds it for a part of its messages only where its
// library is used by another program than Python (tensorflow/tensorflow#100442).
#include <cstdlib>

#if __has_include("absl/log/globals.h")
#include "absl/base/log_severity.h"
#include "absl/log/globals.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
// Weak, because not every TensorFlow hands it out.
extern void SetMinLogLevel(absl::LogSeverityAtLeast severity) __attribute__((weak));
ABSL_NAMESPACE_END
}  // namespace absl

namespace {

struct LogLevel {
  LogLevel() {
    const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    if (level == nullptr || &absl::SetMinLogLevel == nullptr) return;
    absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
  }
} log_level;

}  // namespace
#endif
