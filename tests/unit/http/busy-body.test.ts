import { beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#lib/contract/index.ts';
import { readBody, readForm } from '#lib/server/platform/http/body.ts';
import { measureTurns, scale, type Work } from '#tests/support/turns.ts';

const mib = 1024 * 1024;
const request = (body: string, type: string) =>
	new Request('http://localhost', { method: 'POST', body, headers: { 'content-type': type } });
const json = (body: string) => request(body, 'application/json');
const form = (body: string) => request(body, 'application/x-www-form-urlencoded');
const fill = (bytes: number, text: string) => Buffer.alloc(bytes, text).toString();
/** How much longer a hostile body can take than a body of one long text. */
const allowance = 10;

/** What reading a hostile body must stay below. */
let limit: Work;

beforeAll(async () => {
	const longText = () => readBody(json(JSON.stringify({ csv: fill(4 * mib, 'name,"email"\n') })), 5 * mib);
	await longText();
	limit = scale(await measureTurns(longText), allowance);
});

describe('a body made to keep the server busy', () => {
	const tooMany = 'Request body has too many values';
	const tooManyFields = 'The form has too many fields';
	it.each([
		['numbers', () => readBody(json(`[${fill(4 * mib, '0,')}0]`), 5 * mib), tooMany],
		['objects', () => readBody(json(`[${fill(4 * mib, '{"a":0},')}0]`), 5 * mib), tooMany],
		['lists', () => readBody(json(`[${fill(4 * mib, '[],')}0]`), 5 * mib), tooMany],
		['keys', () => readBody(json(`{${fill(4 * mib, '"a":0,')}"b":0}`), 5 * mib), tooMany],
		['quotes and commas', () => readBody(json(`[${fill(4 * mib, '"\\"",')}0]`), 5 * mib), tooMany],
		['brackets', () => readBody(json(fill(4 * mib, '[')), 5 * mib), 'Request body is nested too deeply'],
		['fields to the API', () => readBody(form(fill(4 * mib, 'a&')), 5 * mib), 'The form has too many fields'],
		['fields', () => readForm(form(fill(4 * mib, 'a=b&')), 5 * mib), tooManyFields],
		['separators', () => readForm(form(fill(4 * mib, '&')), 5 * mib), tooManyFields]
	])('is refused early: %s', async (_, read, message) => {
		let refusal: unknown;
		const work = await measureTurns(() => read().catch((error: unknown) => (refusal = error)), limit);
		expect(refusal).toMatchObject({ status: 400, message });
		expect(work.longestTurn).toBeLessThan(limit.longestTurn);
		expect(work.total).toBeLessThan(limit.total);
	});
});

describe('the body limits', () => {
	it('allow 10,000 values', async () => {
		await expect(readBody(json(`[${fill(19_998, '0,')}0]`), mib)).resolves.toHaveLength(10_000);
		await expect(readBody(json(`[${fill(20_000, '0,')}0]`), mib)).rejects.toMatchObject({ status: 400 });
	});

	it('do not count commas or brackets in a text', async () => {
		const text = `\\",[{${','.repeat(20_000)}`;
		await expect(readBody(json(JSON.stringify([text, '\\'])), mib)).resolves.toEqual([text, '\\']);
	});

	it('allow 1,000 form fields', async () => {
		const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}=x`).join('&');
		expect([...(await readForm(form(fields(1_000)), mib))]).toHaveLength(1_000);
		await expect(readForm(form(fields(1_001)), mib)).rejects.toMatchObject({ status: 400 });
	});

	it.each([
		['20,000 chosen accounts', operations.createUserBatch.maxValues, 20_000],
		['5,000 photos of Immich’s command line, two values each', operations.checkBulkUpload.maxValues, 10_000]
	])('allow %s', (_, maxValues, needed) => {
		expect(maxValues).toBeGreaterThanOrEqual(needed + 20);
	});
});
