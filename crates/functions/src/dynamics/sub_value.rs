//! Results that are parts of an argument: they point into the argument's buffers instead of being copied.

use crate::prelude::*;
use arrow::array::BinaryViewBuilder;
use std::sync::Arc;

/// A dynamic result in which each row is a part of the row's value, or null.
///
/// # Errors
/// None.
pub fn sub_value_result<'a>(
    source: Dyns<'a>,
    rows: usize,
    mut part: impl FnMut(usize, &'a [u8]) -> Option<&'a [u8]>,
) -> Result<ArrayRef> {
    let buffers = source.array().data_buffers();
    let mut b = BinaryViewBuilder::with_capacity(rows);
    let mut blocks: Vec<Option<u32>> = vec![None; buffers.len()];
    for row in 0..rows {
        let whole = source.raw(row);
        match part(row, whole) {
            None | Some([] | [0]) => b.append_null(),
            Some(short) if short.len() <= INLINE => b.append_value(short),
            Some(part) => {
                let place = source.buffer_of(row).and_then(|(buffer, offset)| {
                    let within = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
                    Some((
                        buffer,
                        u32::try_from(offset.checked_add(within)?).ok()?,
                        u32::try_from(part.len()).ok()?,
                    ))
                });
                match place {
                    Some((buffer, offset, len)) if blocks.len() > buffer => {
                        let block = match blocks.get(buffer).copied().flatten() {
                            Some(block) => block,
                            None => {
                                let block = b.append_block(buffers[buffer].clone());
                                blocks[buffer] = Some(block);
                                block
                            }
                        };
                        b.try_append_view(block, offset, len)?;
                    }
                    _ => b.append_value(part),
                }
            }
        }
    }
    Ok(Arc::new(b.finish()))
}

/// Values up to this size stand in the view itself.
const INLINE: usize = 12;
