import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile } from '#lib/server/platform/files/csv-file.ts';
import { readImport } from '#lib/server/features/user-batches/user-import.ts';

const readText = async (rows: readonly (readonly (string | number | null)[])[], header: readonly string[]) => {
	let text = '';
	for await (const part of csvFile('x', header, [rows]).parts) text += part;
	return text;
};

const name = fc
	.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
	.filter((text) => text.trim() === text && text !== '' && !text.startsWith("'") && !/[\0\uFFFD]/.test(text));

describe('a file that this server wrote', () => {
	it('reads back as the same users, whatever the names contain', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 20 }), async (names) => {
				const rows = names.map((given, index) => [given, `p${index}@example.test`, index]);
				const read = await readImport(await readText(rows, ['name', 'email', 'quotaInBytes']));
				expect(read.map((row) => [row.name, row.email, row.quotaSizeInBytes, row.reason])).toEqual(
					rows.map((row) => [...row, null])
				);
			})
		);
	});

	it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])(
		'contains no formula for %j',
		async (given) => {
			const text = await readText([[given, 'a@example.test']], ['name', 'email']);
			expect(text).toMatch(/\n"?'/);
		}
	);

	const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
	const separators = [';', ',', '\t', '|', '\r', '\n', '\r\n', ';"', '; ', ';;', ';" "'];
	it.each(separators)(
		'contains no formula if a spreadsheet splits the cell at %j, and reads back unchanged',
		async (separator) => {
			const names = signs.flatMap((sign) => [
				`a${separator}${sign}1`,
				`${separator}${sign}1`,
				`a${separator}'${sign}1`
			]);
			const rows = names.map((given, index) => [given, `p${index}@example.test`]);
			const text = await readText(rows, ['name', 'email']);
			// The file's quotes are no protection: a program that splits at another character reads them as text.
			expect(text.replace(/^\uFEFF/, '')).not.toMatch(/(^|[;,\t|\r\n])["\s]*[=+\-@＝＋－＠]/);
		}
	);

	it.each(['a;=1', ";'=1", "a|''+1", 'x;"=1', 'a, -b', '(X11; +http://x)'])(
		'reads %j back unchanged',
		async (given) => {
			const [row] = await readImport(await readText([[given, 'a@example.test']], ['name', 'email']));
			expect(row?.name).toBe(given);
		}
	);

	it.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠x'])('reads %j back unchanged', async (given) => {
		const [row] = await readImport(await readText([[given, 'a@example.test']], ['name', 'email']));
		expect(row?.name).toBe(given);
	});
});

describe('any input', () => {
	it('is read or refused with a reason, and never cut in the middle of a character', async () => {
		const cell = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '10 GiB')
		);
		await fc.assert(
			fc.asyncProperty(fc.array(cell, { maxLength: 40 }), async (cells) => {
				const rows = await readImport(`name,email,quota,role\n${cells.join(',')}`).catch((error: unknown) => {
					expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/\w.*\.$/s) as string });
					return [];
				});
				expect(rows.every((row) => row.name.isWellFormed() && row.email.isWellFormed())).toBe(true);
				expect(new Set(rows.map(({ position }) => position)).size).toBe(rows.length);
			})
		);
	});
});

describe('the line number', () => {
	it.each(['\n', '\r\n', '\r'])('is the position in the file, with %j line endings', async (end) => {
		const rows = await readImport(['name,email', 'A,a@x.test', '', 'B,b@x.test'].join(end));
		expect(rows.map(({ position }) => position)).toEqual([2, 4]);
	});
});
