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
