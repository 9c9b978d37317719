//! What an application process uses to ask for Evidence.
