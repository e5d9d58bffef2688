// The shaders of the folder shaders/, which are part of the program (sources.cmake).
#pragma once

#include <span>
#include <string_view>

namespace lab::shaders {

extern const std::span<const unsigned char> bias_activation, cross_entropy, distance_covariance,
    gemm, gemm_registers, gemm_tiled, logistic_descent, logit_fusion, row_reduction, softmax_rows,
    workgroup;

inline std::string_view text(std::span<const unsigned char> shader) {
  return {reinterpret_cast<const char*>(shader.data()), shader.size()};
}

}  // namespace lab::shaders
