//! Sensors.

use crate::errorcode::ErrorCode;

/// A sensor with up to nine degrees of freedom: accelerometer, magnetometer
/// and gyroscope.
pub trait NineDof<'a> {
    /// Names who gets the readings.
    fn set_client(&self, client: &'a dyn NineDofClient);

    /// Reads acceleration along x, y and z, in milli-g.
    fn read_accelerometer(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NODEVICE)
    }

    /// Reads the magnetic field along x, y and z.
    fn read_magnetometer(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NODEVICE)
    }

    /// Reads rotation about x, y and z.
    fn read_gyroscope(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NODEVICE)
    }
}

/// Takes readings of a [`NineDof`].
pub trait NineDofClient {
    /// A reading: x, y and z, each an `i32` in two's complement.
    fn callback(&self, arg1: usize, arg2: usize, arg3: usize);
}
