//! The models, which microflow turns into code when this is compiled.
//!
//! `tools/bench.sh` leads to them from `target/`; paths are those that the compiler sees.

use microflow::model;

/// Keyword spotting.
#[model("../../target/reference-models/kws.tflite")]
pub struct Kws;

/// Visual wake words.
#[model("../../target/reference-models/vww.tflite")]
pub struct Vww;

/// Anomaly detection.
#[model("../../target/reference-models/ad.tflite")]
pub struct Ad;

/// Yes or no.
#[model("../../target/reference-models/micro_speech.tflite")]
pub struct MicroSpeech;

/// A sine.
#[model("../../target/reference-models/hello_world.tflite")]
pub struct HelloWorld;
