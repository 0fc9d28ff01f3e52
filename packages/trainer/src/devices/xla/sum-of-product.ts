/** A program in StableHLO: the sum of a square matrix's product with itself, in full float32 precision. */
export const sumOfProduct = (size: number): string => `
module @sum_of_product {
  func.func public @main(%a: tensor<${size}x${size}xf32>) -> tensor<f32> {
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %product = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST]
      : (tensor<${size}x${size}xf32>, tensor<${size}x${size}xf32>) -> tensor<${size}x${size}xf32>
    %sum = stablehlo.reduce(%product init: %zero) applies stablehlo.add across dimensions = [0, 1]
      : (tensor<${size}x${size}xf32>, tensor<f32>) -> tensor<f32>
    return %sum : tensor<f32>
  }
}
`;
