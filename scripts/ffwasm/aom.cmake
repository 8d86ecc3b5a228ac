# How cmake compiles libaom for WASI; build.sh sets LLVM and FLAGS.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR generic)
set(CMAKE_C_COMPILER clang-$ENV{LLVM})
set(CMAKE_CXX_COMPILER clang++-$ENV{LLVM})
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_AR llvm-ar-$ENV{LLVM})
set(CMAKE_RANLIB llvm-ranlib-$ENV{LLVM})
# Nothing that runs can be linked yet.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# setjmp.h lies beside this file.
set(CMAKE_C_FLAGS_INIT "$ENV{FLAGS} -isystem ${CMAKE_CURRENT_LIST_DIR}")
