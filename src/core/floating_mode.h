// Does this thread compute as IEEE 754 says? The bits of every result depend on it.
#pragma once

namespace lab {

// Throws lab::Error (of kind machine) if, in the calling thread, arithmetic does not round to
// nearest with ties to even, or denormal numbers are read or written as zero, in double or in
// float.
//
// Both are switches of the processor that other code can throw for the whole process: a library
// linked with -ffast-math does so as soon as it is loaded. They are found by computing, so the
// check is the same on every processor. Call it at the start of the program and of every worker
// thread, which inherits or resets them.
void check_floating_mode();

}  // namespace lab
