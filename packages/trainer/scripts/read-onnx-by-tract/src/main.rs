//! What tract makes of an ONNX file, by its own recipe: the input's shape is pinned, then the model optimised.
//!
//! read-onnx-by-tract MODEL INPUT OUTPUT EXTENT...: INPUT holds float32 numbers of that shape, little-endian, and so will OUTPUT.
use std::{env, fs};
use tract_onnx::prelude::*;

fn main() -> TractResult<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, input, output] = [&arguments[0], &arguments[1], &arguments[2]];
    let shape: Vec<usize> = arguments[3..].iter().map(|extent| extent.parse().unwrap()).collect();
    let numbers: Vec<f32> = fs::read(input)?
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    let plan = tract_onnx::onnx()
        .model_for_path(model)?
        .with_input_fact(0, f32::fact(&shape).into())?
        .into_optimized()?
        .into_runnable()?;
    let results = plan.run(tvec!(Tensor::from_shape(&shape, &numbers)?.into()))?;
    let bytes: Vec<u8> = results[0]
        .to_plain_array_view::<f32>()?
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    fs::write(output, bytes)?;
    Ok(())
}
