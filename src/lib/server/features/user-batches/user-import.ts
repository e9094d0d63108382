import { pipeline, Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import type { CsvError } from 'csv-parse';
import { z } from 'zod';
import { email } from '#lib/contract/fields.ts';
import { bytesOfQuota } from '#lib/contract/users/quota.ts';
import { maxImportRows } from '#lib/contract/user-batches/user-batch.ts';
import { newUserName } from '#lib/contract/users/user.ts';
import { unreadableFile } from '#lib/server/platform/errors.ts';
import type { ImportRow } from './user-batch.repository.ts';
import { splitIntoPieces } from '#lib/server/platform/pieces.ts';
import { maxRecordCharacters, surveyCsv } from '#lib/server/platform/files/csv-survey.ts';
import { withFormulas } from '#lib/server/platform/files/csv-file.ts';
import { normalizeStorageLabel } from '#lib/server/features/users/index.ts';

/** Accepted column names, in lower case and without spaces. */
const columnNames: Readonly<Record<string, string>> = {
	email: 'email',
	'e-mail': 'email',
	mail: 'email',
	name: 'name',
	fullname: 'name',
	storagelabel: 'storageLabel',
	label: 'storageLabel',
	quota: 'quota',
	quotainbytes: 'quotaInBytes',
	admin: 'admin',
	isadmin: 'admin',
	role: 'admin',
	password: 'password'
};

const adminWords = ['yes', 'true', '1', 'admin', 'administrator'];
const userWords = ['', 'no', 'false', '0', 'user'];

/** Characters parsed and lines validated before other requests get a turn: a few milliseconds. */
const charactersAtOnce = 8 * 1024;
const linesAtOnce = 100;
/** Longer than any accepted value; the rest is ignored. */
const maxCellCharacters = 1_000;

const Line = z.record(z.string(), z.string().optional());
const ParsedLine = z.object({ record: Line, info: z.object({ lines: z.int() }) });

/**
 * Reads a CSV file of new users, with a reason for each line that is rejected.
 * @throws {AppError} 400 if the file isn't valid
 */
export async function readImport(csv: string): Promise<ImportRow[]> {
	if (csv.includes('\uFFFD'))
		throw unreadableFile('The file isn’t UTF-8 encoded. Save it as “CSV UTF-8” and try again.');
	const { CsvError, parse } = await import('csv-parse');
	const { delimiter, recordDelimiter } = await surveyCsv(csv);
	const rows: ImportRow[] = [];
	const firstLines = new Map<string, number>();
	try {
		const parser = parse({
			bom: true,
			columns: readHeader,
			delimiter,
			info: true,
			max_record_size: maxRecordCharacters,
			record_delimiter: recordDelimiter,
			relax_column_count: true,
			skip_empty_lines: true,
			trim: true
		});
		// A failure is also thrown by the parser.
		pipeline(Readable.from(splitIntoPieces(csv, charactersAtOnce)), parser, () => {});
		for await (const parsed of parser) {
			const { record, info } = ParsedLine.parse(parsed);
			if (rows.length === maxImportRows)
				throw unreadableFile(`At most ${maxImportRows.toLocaleString('en')} accounts can be made from one file.`);
			rows.push(toImportRow(record, info.lines, firstLines));
			if (rows.length % linesAtOnce === 0) await breathe();
		}
	} catch (error) {
		throw error instanceof CsvError ? unreadableFile(inPlainWords(error)) : error;
	}
	if (rows.length === 0) throw unreadableFile('The file contains no rows.');
	return rows;
}

function readHeader(header: string[]): (string | false)[] {
	const columns = header.map((name) => columnNames[name.toLowerCase().replaceAll(/[\s_]/g, '')] ?? false);
	if (columns.includes('password'))
		throw unreadableFile('Remove the password column. Temporary passwords are generated here.');
	const twice = columns.find((name, index) => name !== false && columns.indexOf(name) !== index);
	if (twice) throw unreadableFile(`Two columns are called ‘${twice}’.`);
	for (const needed of ['email', 'name'])
		if (!columns.includes(needed))
			throw unreadableFile(`The first line must name the columns; ‘${needed}’ is missing.`);
	return columns;
}

/** Removes the prefix that keeps a cell of our own exports from being read as a formula. */
const plain = (text = '') => withFormulas(text.slice(0, maxCellCharacters));

function toImportRow(line: z.output<typeof Line>, position: number, firstLines: Map<string, number>): ImportRow {
	const reasons: string[] = [];
	const address = email.safeParse(plain(line['email']));
	const name = newUserName.safeParse(plain(line['name']));
	const quota = bytesOfQuota(plain(line['quota'] ?? (line['quotaInBytes'] ? `${line['quotaInBytes']} B` : '')));
	const role = plain(line['admin']).toLowerCase();
	const label = normalizeStorageLabel(plain(line['storageLabel'])) || null;
	if (!address.success) reasons.push('Invalid email address');
	if (!name.success) reasons.push('A name of at most 100 characters is needed');
	if (Number.isNaN(quota)) reasons.push('Invalid quota – use a size such as 10 GB');
	if (![...adminWords, ...userWords].includes(role)) reasons.push('Role must be “admin” or “user”');
	if ((line['storageLabel'] ?? '').length > maxCellCharacters || (label !== null && label.length > 255))
		reasons.push('The storage label is too long');
	// The ID names the folder of a user without a label.
	if (label !== null && z.guid().safeParse(label).success) reasons.push('The storage label can’t be a UUID');
	for (const [key, what] of [
		[address.data && `e-mail ${address.data}`, 'e-mail address'],
		[label && `label ${label.toLowerCase()}`, 'storage label']
	] as const) {
		if (!key) continue;
		const first = firstLines.get(key);
		if (first === undefined) firstLines.set(key, position);
		else reasons.push(`The ${what} stands in line ${first} too`);
	}
	return {
		position,
		// Truncated for display; half a surrogate pair at the end could not be stored.
		email: address.data ?? plain(line['email']).slice(0, 254).toWellFormed(),
		name: name.data ?? plain(line['name']).slice(0, 100).toWellFormed(),
		isAdmin: adminWords.includes(role),
		storageLabel: label,
		quotaSizeInBytes: Number.isNaN(quota) ? null : quota,
		reason: reasons.length > 0 ? reasons.join('. ') : null,
		isWrong: reasons.length > 0
	};
}

function inPlainWords({ code, lines }: CsvError & { lines?: unknown }): string {
	const line = typeof lines === 'number' ? ` in line ${lines}` : '';
	if (code === 'CSV_MAX_RECORD_SIZE') return `A line is too long${line}.`;
	return code === 'CSV_QUOTE_NOT_CLOSED'
		? 'A quotation mark is never closed.'
		: `The file is no CSV that can be read: look${line || ' at its quotation marks'}.`;
}
