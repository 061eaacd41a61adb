import type { PageHeader } from 'hyparquet';
import { TablecastError } from '../../../protocol/errors.ts';

/**
 * Counts and sizes of a page are whole numbers: a damaged header may lack them.
 *
 * @throws TablecastError `bad_body`
 */
export function checkPageHeader(header: PageHeader): void {
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  const sizes: unknown[] = [header.compressed_page_size, header.uncompressed_page_size];
  for (const part of [v1, v2, dictionary]) if (part !== undefined) sizes.push(part.num_values);
  if (v2 !== undefined) sizes.push(v2.repetition_levels_byte_length, v2.definition_levels_byte_length);
  if (!sizes.every((size) => Number.isInteger(size) && Number(size) >= 0))
    throw new TablecastError('bad_body', 'A page does not say how large it is.');
}
