import { beforeAll, describe, expect, it } from 'vitest';
import { csvFile, withFormulas } from '#lib/server/platform/files/csv-file.ts';
import { readImport } from '#lib/server/features/user-batches/user-import.ts';
import { measureTurns, scale, type Work } from '#tests/support/turns.ts';

const megabytes = 5_000_000;
const fill = (text: string): string => Buffer.alloc(megabytes, text).toString();
const lines = (line: string): string => `name,email\n${fill(line)}`;
const readable = Array.from({ length: 20_000 }, (_, index) => `Person ${index},p${index}@example.test`).join('\n');
/** How much longer a hostile file can take than a file of the maximum number of users. */
const allowance = 10;

/** What reading a hostile file must stay below. */
let limit: Work;

beforeAll(async () => {
	// The first run is a warm-up.
	await readImport(`name,email\n${readable}`);
	limit = scale(await measureTurns(() => readImport(`name,email\n${readable}`)), allowance);
});

describe('a file made to keep the server busy', () => {
	it.each([
		['commas', fill(','), 'The first line is too long.'],
		['a line break in a quoted first cell, then commas', `"\n"${fill(',')}`, /too long/],
		['a line break in a quoted third cell, then commas', `name,email,"\n"${fill(',')}`, /too long/],
		['a quote that is never closed', `name,email\n"${fill(' ')}`, 'A line is too long in line 2.'],
		['commas after the first line', lines(','), 'Line 2 has more than 200 columns.'],
		['lines of 5,000 columns', lines(`${','.repeat(4_999)}\n`), 'Line 2 has more than 200 columns.'],
		['columns behind another line break', lines(`${','.repeat(190)}\r`), 'Line 2 has more than 200 columns.'],
		['5,000 columns in the first line', `name,email${',x'.repeat(4_900)}\n${fill(',\n')}`, /more than 200 columns/],
		['lines of two quotation marks', lines('""\n'), 'The file has more than 100,000 lines.'],
		['two quotation marks and no names of columns', fill('""\n'), 'The file has more than 100,000 lines.'],
		['blank lines', lines('\n'), 'The file has more than 100,000 lines.'],
		['blank lines of Windows', lines('\r\n'), 'The file has more than 100,000 lines.'],
		['blank lines of old Macs', `name,email\r${fill('\r')}`, 'The file has more than 100,000 lines.'],
		['blank lines before the first', fill('\n'), 'The file contains no rows.'],
		['blank lines before accounts', `${fill('\n')}name,email\nA,a@x.test`, 'The file has more than 100,000 lines.'],
		['lines of one space', lines(' \n'), 'The file has more than 100,000 lines.'],
		['spaces', fill(' '), 'The file contains no rows.'],
		['one line of spaces', lines(' '), 'A line is too long in line 2.'],
		['quotation marks', lines('"'), 'A line is too long in line 2.'],
		['semicolons', `name;email\n${fill(';\n')}`, 'The file has more than 100,000 lines.'],
		['line breaks in quotes', lines('"\n\n"\n'), 'The file has more than 100,000 lines.']
	])('is refused early: %s', async (_, csv, says) => {
		let refusal: unknown;
		const work = await measureTurns(() => readImport(csv).catch((error: unknown) => (refusal = error)), limit);
		const message: unknown = typeof says === 'string' ? says : expect.stringMatching(says);
		expect(refusal).toMatchObject({ status: 400, message, details: { field: 'csv' } });
		expect(work.longestTurn).toBeLessThan(limit.longestTurn);
		expect(work.total).toBeLessThan(limit.total);
	});

	it.each([
		['tabs in quotes', `"${'\t'.repeat(19_000)}x",a@x.test\n`],
		['line breaks in quotes', `"x${'\n'.repeat(300)}x",a@x.test\n`],
		['separators', `"${';'.repeat(19_000)}",a@x.test\n`],
		['marks', `"${";'".repeat(9_000)}",a@x.test\n`],
		['an address', `A,${'a.'.repeat(9_000)}@x.test\n`],
		['a quota', `A,a@x.test,${'9'.repeat(19_000)}\n`],
		['a storage label', `A,a@x.test,,,${'.'.repeat(19_000)}\n`],
		['columns', `A,a@x.test${','.repeat(190)}\n`]
	])('lets other requests run while it is read: %s', async (_, line) => {
		const csv = `name,email,quota,role,label\n${line.repeat(Math.floor(megabytes / 20_000))}`;
		const work = await measureTurns(() => readImport(csv), limit);
		expect(work.longestTurn).toBeLessThan(limit.longestTurn);
		expect(work.total).toBeLessThan(limit.total);
	});
});

describe('the import limits', () => {
	it('allow 200 columns, a quoted line break among their names, and blank lines between all users', async () => {
		const extra = Array.from({ length: 197 }, (_, index) => `c${index}`).join(',');
		const rows = await readImport(
			`"a\nnote",name,email,${extra}\n\nx,Ann,a@x.test\n\n\nx,Ben,b@x.test,${','.repeat(196)}`
		);
		expect(rows.map(({ email, reason }) => [email, reason])).toEqual([
			['a@x.test', null],
			['b@x.test', null]
		]);
	});

	it('find the separator outside of quotes', async () => {
		const rows = await readImport('"note, if any";name;email\n;Ann;a@x.test');
		expect(rows).toMatchObject([{ name: 'Ann', email: 'a@x.test', reason: null }]);
	});

	it('report a storage label that is too long', async () => {
		const [row] = await readImport(`name,email,label\nAnn,a@x.test,a${'.'.repeat(5_000)}b`);
		expect(row?.reason).toBe('The storage label is too long');
	});
});

describe('formula signs', () => {
	it.each(['\n', '\t', ' ', '"', ';', ";'", "'", ' \n"'])(
		'are searched in time linear in the length: %j',
		async (part) => {
			const cell = `;${part.repeat(1_000_000 / part.length)}`;
			const work = await measureTurns(async () => {
				withFormulas(cell);
				for await (const _ of csvFile('x', ['cell'], [[[cell]]]).parts);
			}, limit);
			expect(work.total).toBeLessThan(limit.total);
		}
	);
});
