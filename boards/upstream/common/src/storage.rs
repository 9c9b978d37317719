//! Pages of flash as storage for the device's records.

use core::cell::Cell;
use kernel::hil::flash::{Client, Error, Flash};
use kernel::hil::nonvolatile_storage::{NonvolatileStorage, NonvolatileStorageClient};
use kernel::utilities::cells::{OptionalCell, TakeCell};
use kernel::ErrorCode;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    Idle,
    Reading,
    Erasing,
    Writing,
}

/// The place of an access: within one page.
#[derive(Clone, Copy, Default)]
struct Place {
    page: usize,
    offset: usize,
    length: usize,
}

/// A run of flash pages as storage that begins at address 0. Nothing outside it can be
/// addressed.
///
/// An access lies within one page, as a record does. Writing erases that page first,
/// whatever else is in it: not every flash driver does so by itself.
pub struct FlashRecords<'a, F: Flash + 'static> {
    flash: &'a F,
    first_page: usize,
    pages: usize,
    page: TakeCell<'static, F::Page>,
    buffer: TakeCell<'static, [u8]>,
    place: Cell<Place>,
    activity: Cell<Activity>,
    client: OptionalCell<&'a dyn NonvolatileStorageClient>,
}

impl<'a, F: Flash> FlashRecords<'a, F> {
    /// The `pages` pages of `flash` from `first_page` on. It is the flash's client.
    pub fn new(
        flash: &'a F,
        first_page: usize,
        pages: usize,
        page: &'static mut F::Page,
    ) -> FlashRecords<'a, F> {
        FlashRecords {
            flash,
            first_page,
            pages,
            page: TakeCell::new(page),
            buffer: TakeCell::empty(),
            place: Cell::new(Place::default()),
            activity: Cell::new(Activity::Idle),
            client: OptionalCell::empty(),
        }
    }

    /// Where an access goes; `BUSY` while there is one, `INVAL` when it would leave its
    /// page or the region.
    fn locate(&self, address: usize, length: usize) -> Result<Place, ErrorCode> {
        if self.activity.get() != Activity::Idle {
            return Err(ErrorCode::BUSY);
        }
        let page_bytes = self.page.map_or(0, |page| page.as_mut().len());
        let (index, offset) = (
            address.checked_div(page_bytes).ok_or(ErrorCode::FAIL)?,
            address.checked_rem(page_bytes).ok_or(ErrorCode::FAIL)?,
        );
        let end = offset.checked_add(length).ok_or(ErrorCode::INVAL)?;
        if index >= self.pages || end > page_bytes {
            return Err(ErrorCode::INVAL);
        }
        Ok(Place {
            page: self.first_page.checked_add(index).ok_or(ErrorCode::INVAL)?,
            offset,
            length,
        })
    }

    /// Ends the access. A length of 0 tells the client that it failed.
    fn finish(&self, activity: Activity, result: Result<(), Error>) {
        self.activity.set(Activity::Idle);
        let length = result.map_or(0, |()| self.place.get().length);
        let (Some(client), Some(buffer)) = (self.client.get(), self.buffer.take()) else {
            return;
        };
        match activity {
            Activity::Reading => client.read_done(buffer, length),
            _ => client.write_done(buffer, length),
        }
    }

    /// Writes the buffer into the erased page.
    fn program(&self) -> Result<(), ErrorCode> {
        let place = self.place.get();
        let page = self.page.take().ok_or(ErrorCode::FAIL)?;
        page.as_mut().fill(0xFF);
        self.buffer.map(|buffer| {
            for (to, from) in page
                .as_mut()
                .iter_mut()
                .skip(place.offset)
                .zip(buffer.iter().take(place.length))
            {
                *to = *from;
            }
        });
        self.activity.set(Activity::Writing);
        self.flash
            .write_page(place.page, page)
            .map_err(|(error, page)| {
                self.page.replace(page);
                error
            })
    }
}

impl<'a, F: Flash> NonvolatileStorage<'a> for FlashRecords<'a, F> {
    fn set_client(&self, client: &'a dyn NonvolatileStorageClient) {
        self.client.set(client);
    }

    fn read(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        let place = self.locate(address, length)?;
        let page = self.page.take().ok_or(ErrorCode::FAIL)?;
        self.flash
            .read_page(place.page, page)
            .map_err(|(error, page)| {
                self.page.replace(page);
                error
            })?;
        self.place.set(place);
        self.activity.set(Activity::Reading);
        self.buffer.replace(buffer);
        Ok(())
    }

    fn write(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        let place = self.locate(address, length)?;
        self.flash.erase_page(place.page)?;
        self.place.set(place);
        self.activity.set(Activity::Erasing);
        self.buffer.replace(buffer);
        Ok(())
    }
}

impl<F: Flash> Client<F> for FlashRecords<'_, F> {
    fn read_complete(&self, page: &'static mut F::Page, result: Result<(), Error>) {
        let place = self.place.get();
        self.buffer.map(|buffer| {
            for (to, from) in buffer
                .iter_mut()
                .zip(page.as_mut().iter().skip(place.offset).take(place.length))
            {
                *to = *from;
            }
        });
        self.page.replace(page);
        self.finish(Activity::Reading, result);
    }

    fn erase_complete(&self, result: Result<(), Error>) {
        if self.activity.get() != Activity::Erasing {
            return;
        }
        if result.is_err() || self.program().is_err() {
            self.finish(Activity::Writing, Err(Error::FlashError));
        }
    }

    fn write_complete(&self, page: &'static mut F::Page, result: Result<(), Error>) {
        self.page.replace(page);
        self.finish(Activity::Writing, result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::RefCell;

    const PAGE: usize = 64;

    #[derive(Clone)]
    struct Page([u8; PAGE]);

    impl Default for Page {
        fn default() -> Page {
            Page([0xFF; PAGE])
        }
    }

    impl AsMut<[u8]> for Page {
        fn as_mut(&mut self) -> &mut [u8] {
            &mut self.0
        }
    }

    enum Done {
        Read(&'static mut Page),
        Erase,
        Write(&'static mut Page),
    }

    /// Flash as NOR is: writing only clears bits.
    struct Nor {
        pages: RefCell<Vec<Page>>,
        done: RefCell<Option<Done>>,
    }

    impl Flash for Nor {
        type Page = Page;

        fn read_page(
            &self,
            number: usize,
            page: &'static mut Page,
        ) -> Result<(), (ErrorCode, &'static mut Page)> {
            *page = self.pages.borrow()[number].clone();
            self.done.replace(Some(Done::Read(page)));
            Ok(())
        }

        fn write_page(
            &self,
            number: usize,
            page: &'static mut Page,
        ) -> Result<(), (ErrorCode, &'static mut Page)> {
            for (cell, byte) in self.pages.borrow_mut()[number].0.iter_mut().zip(page.0) {
                *cell &= byte;
            }
            self.done.replace(Some(Done::Write(page)));
            Ok(())
        }

        fn erase_page(&self, number: usize) -> Result<(), ErrorCode> {
            self.pages.borrow_mut()[number] = Page::default();
            self.done.replace(Some(Done::Erase));
            Ok(())
        }
    }

    impl Nor {
        /// Reports one finished operation, with this result.
        fn finish(&self, client: &impl Client<Nor>, result: Result<(), Error>) {
            match self.done.take().expect("an operation") {
                Done::Read(page) => client.read_complete(page, result),
                Done::Erase => client.erase_complete(result),
                Done::Write(page) => client.write_complete(page, result),
            }
        }
    }

    struct Heard {
        buffer: TakeCell<'static, [u8]>,
        length: Cell<Option<usize>>,
    }

    impl NonvolatileStorageClient for Heard {
        fn read_done(&self, buffer: &'static mut [u8], length: usize) {
            self.write_done(buffer, length);
        }

        fn write_done(&self, buffer: &'static mut [u8], length: usize) {
            self.buffer.replace(buffer);
            self.length.set(Some(length));
        }
    }

    /// Two pages of records behind one that is not theirs.
    fn records() -> (&'static Nor, FlashRecords<'static, Nor>, &'static Heard) {
        let nor: &Nor = Box::leak(Box::new(Nor {
            pages: RefCell::new(vec![Page([0; PAGE]); 3]),
            done: RefCell::new(None),
        }));
        let heard: &Heard = Box::leak(Box::new(Heard {
            buffer: TakeCell::empty(),
            length: Cell::new(None),
        }));
        let records = FlashRecords::new(nor, 1, 2, Box::leak(Box::default()));
        records.set_client(heard);
        (nor, records, heard)
    }

    fn bytes(byte: u8) -> &'static mut [u8] {
        Box::leak(Box::new([byte; PAGE]))
    }

    #[test]
    fn what_is_written_over_something_else_reads_back() {
        let (nor, records, heard) = records();
        records.write(bytes(0xA5), PAGE, 32).unwrap();
        nor.finish(&records, Ok(()));
        nor.finish(&records, Ok(()));
        assert_eq!(heard.length.take(), Some(32));
        assert_eq!(nor.pages.borrow()[1].0, [0; PAGE]);
        records.read(bytes(0), PAGE, 32).unwrap();
        nor.finish(&records, Ok(()));
        assert_eq!(heard.length.take(), Some(32));
        let read = heard.buffer.take().unwrap();
        assert!(read[..32].iter().all(|byte| *byte == 0xA5));
        assert!(read[32..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_failure_at_any_step_is_told() {
        for step in 0..2 {
            let (nor, records, heard) = records();
            records.write(bytes(1), 0, 32).unwrap();
            for _ in 0..step {
                nor.finish(&records, Ok(()));
            }
            nor.finish(&records, Err(Error::FlashError));
            assert_eq!(heard.length.take(), Some(0), "step {step}");
            assert!(records.read(bytes(0), 0, 32).is_ok());
        }
    }

    #[test]
    fn nothing_outside_can_be_addressed() {
        let (nor, records, _) = records();
        for (address, length) in [(2 * PAGE, 1), (PAGE - 1, 2), (0, PAGE + 1), (usize::MAX, 2)] {
            assert_eq!(
                records.write(bytes(0), address, length),
                Err(ErrorCode::INVAL)
            );
            assert_eq!(
                records.read(bytes(0), address, length),
                Err(ErrorCode::INVAL)
            );
        }
        records.read(bytes(0), 0, 1).unwrap();
        assert_eq!(records.read(bytes(0), 0, 1), Err(ErrorCode::BUSY));
        nor.finish(&records, Ok(()));
        assert!(records.write(bytes(0), 0, 1).is_ok());
    }
}
