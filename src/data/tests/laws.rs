//! Laws that hold for any bytes.

use super::*;
