// For one source file of each test program that renders: what the sanitizers would say about Mesa.
//
// Its libraries are not instrumented: the sanitizers see neither their atomics nor what they keep until the program
// ends.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions() { return "race:swrast_dri.so\nrace:libOSMesa\nrace:libLLVM\n"; }
#endif
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions() { return "leak:libOSMesa\nleak:swrast_dri.so\nleak:libEGL\n"; }
#endif
