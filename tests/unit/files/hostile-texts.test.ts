import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile, withFormulas } from '#lib/server/platform/files/csv-file.ts';
import { mayAnnounce, mayIssue, namesIssuer } from '#lib/server/features/oauth/issuer.ts';

const mib = 1024 * 1024;

/** Runs a function and returns its CPU time. */
async function busyMs(run: () => unknown): Promise<number> {
	const startedAt = process.cpuUsage();
	await run();
	return process.cpuUsage(startedAt).user / 1_000;
}

async function written(cell: string): Promise<string> {
	let text = '';
	for await (const part of csvFile('a', ['a'], [[[cell]]]).parts) text += part;
	return text;
}

/** The former patterns for these characters: correct, but slow. */
const formulaStart = /(^|[;,\t|\r\n])(["\s]*)(?='*[=+\-@＝＋－＠])/g;
const markedStart = /(^|[;,\t|\r\n])(["\s]*)'(?='*[=+\-@＝＋－＠])/g;
const risky = fc.string({
	unit: fc.constantFrom('=', '+', "'", '"', ' ', '\t', '\n', ';', ',', 'a', '＝', '\u00a0'),
	maxLength: 30
});

describe('a CSV cell', () => {
	it('reads the same as the original pattern', () => {
		fc.assert(
			fc.property(risky, (cell) => {
				expect(withFormulas(cell)).toBe(cell.replace(/^'(?=[\t\r])/, '').replace(markedStart, '$1$2'));
			}),
			{ numRuns: 2_000 }
		);
	});

	it('is written without formulas, and reads back unchanged', async () => {
		for (const cell of ['=1+1', "'=1", 'a;=1', 'a\n\n"=1', "a\t''+1", 'a=1', '-1', ' \u00a0＝1']) {
			const marked = (await written(cell))
				.slice(3, -1)
				.replace(/^"(.*)"$/s, '$1')
				.replaceAll('""', '"');
			expect(marked.search(formulaStart) === -1 || /(^|[;,\t|\r\n])["\s]*'/.test(marked), cell).toBe(true);
			expect(withFormulas(marked), cell).toBe(cell);
		}
	});

	it.each(['\t', '\n', ';', "'", '"', '=', ';=', ";'"])(
		'of a megabyte of ‘%s’ does not block the server',
		async (text) => {
			const cell = `x${text.repeat(mib / text.length)}x`;
			expect(await busyMs(() => withFormulas(cell))).toBeLessThan(2_000);
			expect(await busyMs(() => written(cell))).toBeLessThan(3_000);
		}
	);
});

describe('an issuer', () => {
	it.each(['/', '//a', '{tenantid}', '-', '.'])('of a megabyte of ‘%s’ does not block the server', async (text) => {
		const issuer = `https://id.test/${text.repeat(mib / text.length)}x`;
		const provider = { id: 'club', issuerUrl: 'https://id.test/a', expectedIssuer: '' };
		const run = () => [
			mayAnnounce(provider, issuer),
			mayIssue(provider, issuer),
			namesIssuer(provider, issuer),
			namesIssuer({ ...provider, issuerUrl: `https://id.test/a/.well-known/x${text}` }, issuer)
		];
		expect(await busyMs(run)).toBeLessThan(2_000);
	});
});
