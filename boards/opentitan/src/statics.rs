//! Objects that live for ever. The macros claim static memory, so only code
//! that may use `unsafe` can use them: `main.rs`.

/// A value that lives for ever in static memory, claimed once.
macro_rules! keep {
    ($T:ty, $value:expr) => {{
        let kept: &'static $T = static_init!($T, $value);
        kept
    }};
}

/// A zeroed buffer, likewise.
macro_rules! buffer {
    ($length:expr) => {
        static_init!([u8; $length], [0; $length])
    };
}

/// A share of the serial port.
macro_rules! port {
    ($serial:expr, $receives:expr) => {{
        let port = keep!(UartDevice, UartDevice::new($serial, $receives));
        port.setup();
        port
    }};
}

/// A share of the timer.
macro_rules! alarm {
    ($alarms:expr) => {{
        let alarm = keep!(BoardAlarm, VirtualMuxAlarm::new($alarms));
        alarm.setup();
        alarm
    }};
}
