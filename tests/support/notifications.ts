import { expect } from 'vitest';
import { z } from 'zod';
import { NotificationDto } from '#lib/contract/notifications/notification.ts';
import type { Api } from './api.ts';

const root = '/api/notifications';
const Row = { title: 'Hello', level: 'info', type: 'Custom' };

type RowFields = Partial<{
	title: string;
	description: string | null;
	level: string;
	type: string;
	data: object;
	createdAt: Date;
	readAt: Date;
	deletedAt: Date;
}>;

/** Notifications as one test's people see them. */
export class Notifications {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	/** Writes one beside the server and gives its id. */
	async make(userId: string, fields: RowFields = {}): Promise<string> {
		const data = { ...Row, ...fields, userId };
		return (await this.#api.prisma.notification.create({ data, select: { id: true } })).id;
	}

	call(method: string, path: string, token: string, body?: unknown) {
		return this.#api.request(method, root + path, { token, ...(body !== undefined && { body }) });
	}

	/** Lists them, with nothing in them that the wire does not have. */
	async list(token: string, query = '') {
		const { status, body, text } = await this.call('GET', query, token);
		expect(status, text).toBe(200);
		return z.array(NotificationDto.strict()).parse(body);
	}

	async titles(token: string, query = ''): Promise<string[]> {
		return (await this.list(token, query)).map(({ title }) => title);
	}

	/** Reads the row as it is stored. */
	find(id: string) {
		return this.#api.prisma.notification.findUnique({ where: { id } });
	}

	/** What somebody who may have no session was told, oldest first. */
	async told(userId: string) {
		const where = { userId, deletedAt: null };
		const select = { title: true, description: true, level: true, type: true, data: true };
		return this.#api.prisma.notification.findMany({ where, orderBy: { createdAt: 'asc' }, select });
	}
}
