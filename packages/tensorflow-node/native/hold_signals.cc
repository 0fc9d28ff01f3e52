// Has signals wait while TensorFlow computes. The code that its oneDNN writes for products of matrices keeps values further below the
// stack pointer than the 128 bytes that are a function's own there by the System V ABI of x86-64 (section 3.2.2). A handler's frame
// begins right below those, so that a signal the program handles would overwrite them, and then the heap is spoiled (seen with
// TensorFlow 2.21 on processors with and without AVX-512).
//
// The linker puts these in place of the functions that compute and of those that start threads (--wrap). Threads begin with the
// signals held back that their creator holds back, so that TensorFlow's never handle any.
#include <csignal>
#include <initializer_list>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

namespace {

class HeldSignals {
 public:
  HeldSignals() {
    sigset_t signals;
    sigfillset(&signals);
    // What a thread does wrong itself cannot wait.
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&signals, fault);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

extern "C" {

decltype(TFE_NewContext) __real_TFE_NewContext;
decltype(TFE_Execute) __real_TFE_Execute;
decltype(TF_LoadSessionFromSavedModel) __real_TF_LoadSessionFromSavedModel;
decltype(TF_SessionRun) __real_TF_SessionRun;

TFE_Context* __wrap_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  HeldSignals held;
  return __real_TFE_NewContext(options, status);
}

void __wrap_TFE_Execute(TFE_Op* op, TFE_TensorHandle** results, int* count, TF_Status* status) {
  HeldSignals held;
  __real_TFE_Execute(op, results, count, status);
}

TF_Session* __wrap_TF_LoadSessionFromSavedModel(const TF_SessionOptions* options, const TF_Buffer* run_options, const char* folder,
                                                const char* const* tags, int tag_count, TF_Graph* graph, TF_Buffer* meta_graph,
                                                TF_Status* status) {
  HeldSignals held;
  return __real_TF_LoadSessionFromSavedModel(options, run_options, folder, tags, tag_count, graph, meta_graph, status);
}

void __wrap_TF_SessionRun(TF_Session* session, const TF_Buffer* run_options, const TF_Output* inputs, TF_Tensor* const* input_values,
                          int input_count, const TF_Output* outputs, TF_Tensor** output_values, int output_count,
                          const TF_Operation* const* targets, int target_count, TF_Buffer* run_metadata, TF_Status* status) {
  HeldSignals held;
  __real_TF_SessionRun(session, run_options, inputs, input_values, input_count, outputs, output_values, output_count, targets,
                       target_count, run_metadata, status);
}

}  // extern "C"
