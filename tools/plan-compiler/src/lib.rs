//! Compiles int8 .tflite models to plans for the engine.
