import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { z } from 'zod';
import { UserBatchItemDto, UserBatchResponseDto, UserBatchStartedDto } from '#lib/contract/user-batches/user-batch.ts';
import type { Api } from './api.ts';
import type { Reply } from './http.ts';

const root = '/api/admin/user-batches';

/** Parses a CSV file as a spreadsheet does: the first line names the columns. */
export const readCsv = (text: string): Record<string, string>[] =>
	z.array(z.record(z.string(), z.string())).parse(parse(text, { bom: true, columns: true }));

/** Bulk actions of one admin. */
export class Batches {
	readonly #api: Pick<Api, 'request'>;
	readonly #token: string;

	constructor(api: Pick<Api, 'request'>, token: string) {
		this.#api = api;
		this.#token = token;
	}

	call(method: string, path: string, body?: unknown): Promise<Reply> {
		return this.#api.request(method, root + path, { token: this.#token, ...(body !== undefined && { body }) });
	}

	async draft(body: object) {
		return UserBatchResponseDto.parse(succeeded(await this.call('POST', '', body), 201));
	}

	async draftImport(csv: string, withPasswords = false) {
		return UserBatchResponseDto.parse(succeeded(await this.call('POST', '/import', { csv, withPasswords }), 201));
	}

	async draftRetry(id: string) {
		return UserBatchResponseDto.parse(succeeded(await this.call('POST', `/${id}/retry`), 201));
	}

	/** Creates a draft and returns the key that opens its passwords. */
	async start(id: string): Promise<string | null> {
		return UserBatchStartedDto.parse(succeeded(await this.call('POST', `/${id}/start`), 200)).downloadKey;
	}

	async get(id: string) {
		return UserBatchResponseDto.parse(succeeded(await this.call('GET', `/${id}`), 200));
	}

	/** Waits until all items are finished. */
	async finish(id: string) {
		await expect.poll(async () => (await this.get(id)).state, { timeout: 30_000, interval: 50 }).toBe('finished');
		return this.get(id);
	}

	async listItems(id: string, query = '') {
		return z.array(UserBatchItemDto).parse(succeeded(await this.call('GET', `/${id}/items${query}`), 200));
	}

	/** Picks up the passwords, by email. */
	async takePasswords(id: string, downloadKey: string | null): Promise<Map<string, string>> {
		const reply = await this.call('POST', `/${id}/passwords`, { downloadKey });
		expect(reply.status, reply.text).toBe(200);
		return new Map(readCsv(reply.text).map(({ email = '', password = '' }) => [email, password]));
	}

	/** Drafts, starts and waits, and returns the result of each item. */
	async run(body: object) {
		const { id } = await this.draft(body);
		const downloadKey = await this.start(id);
		return { batch: await this.finish(id), items: await this.listItems(id), downloadKey };
	}

	async runImport(csv: string, withPasswords = false) {
		const { id } = await this.draftImport(csv, withPasswords);
		const downloadKey = await this.start(id);
		return { batch: await this.finish(id), items: await this.listItems(id), downloadKey };
	}
}

function succeeded({ status, body, text }: Reply, wanted: number): unknown {
	expect(status, text).toBe(wanted);
	return body;
}
