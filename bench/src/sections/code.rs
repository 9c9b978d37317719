//! How long the engine's code is. This alone needs no models, and no emulator.

use anchorhold::{Class, Error};
use bench::engine_board::{Board, BOARDS};

use crate::arguments::Arguments;
use crate::engine::peers;
use crate::table::{Cell, Row, Table};

/// Most code that the reference models' operators may take on each board, in bytes.
const LIMIT: u32 = 24 << 10;

/// The engine's code: what the reference models need, and all operators.
///
/// # Errors
/// It is not built, or what the reference models need is beyond the limit.
pub fn measure(_arguments: &Arguments) -> Result<Vec<Table>, Error> {
    let mut rows = Vec::new();
    for board in &BOARDS {
        let bytes = board
            .engine_bytes()
            .map_err(|what| Error::new(Class::Input, what))?;
        check(board, bytes.reference_models)?;
        rows.push(Row {
            name: format!("engine on {}, the reference models' operators", board.name),
            values: vec![
                Cell::Count(bytes.reference_models.into()),
                Cell::Count(LIMIT.into()),
            ],
        });
        rows.push(Row {
            name: format!("engine on {}, all operators", board.name),
            values: vec![Cell::Count(bytes.all.into()), Cell::Nothing],
        });
    }
    rows.extend(peers::PEERS.iter().map(|peer| Row {
        name: format!("peer on the Cortex-M4, {} alone", peer.model),
        values: vec![Cell::Count(peer.code_bytes), Cell::Nothing],
    }));
    Ok(vec![Table {
        title: "code and constants, in bytes".to_owned(),
        columns: ["bytes", "limit"].map(str::to_owned).to_vec(),
        rows,
        sources: vec![
            "engine: its functions, and all constants of the image",
            "peer: TensorFlow Lite Micro 90b983c2b with CMSIS-NN",
        ],
    }])
}

fn check(board: &Board, bytes: u32) -> Result<(), Error> {
    if bytes <= LIMIT {
        return Ok(());
    }
    let message = format!(
        "the engine on {} takes {bytes} bytes of code and constants for the reference models' operators; at most {LIMIT}: \
         make it smaller, or move what only other models use to a module of its own",
        board.name
    );
    Err(Error::new(Class::Refused, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_last_that_passes() {
        let board = &BOARDS[1];
        assert!(check(board, LIMIT).is_ok());
        let error = check(board, LIMIT + 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the engine on opentitan takes 24577 bytes of code and constants for the reference models' \
             operators; at most 24576: make it smaller, or move what only other models use to a \
             module of its own"
        );
    }
}
