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

/** Notifications as the users of one test see them. */
export class Notifications {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	/** Inserts one directly into the database and returns its ID. */
	async make(userId: string, fields: RowFields = {}): Promise<string> {
		const data = { ...Row, ...fields, userId };
		return (await this.#api.prisma.notification.create({ data, select: { id: true } })).id;
	}

	call(method: string, path: string, token: string, body?: unknown) {
		return this.#api.request(method, root + path, { token, ...(body !== undefined && { body }) });
	}

	/** Lists them, and checks that they have no undocumented fields. */
	async list(token: string, query = '') {
		const { status, body, text } = await this.call('GET', query, token);
		expect(status, text).toBe(200);
		return z.array(NotificationDto.strict()).parse(body);
	}

	async titles(token: string, query = ''): Promise<string[]> {
		return (await this.list(token, query)).map(({ title }) => title);
	}

	/** Reads the stored row. */
	find(id: string) {
		return this.#api.prisma.notification.findUnique({ where: { id } });
	}

	/** Reads a user's notifications from the database, oldest first, for users without a session. */
	async listReceived(userId: string) {
		const where = { userId, deletedAt: null };
		const select = { title: true, description: true, level: true, type: true, data: true };
		return this.#api.prisma.notification.findMany({ where, orderBy: { createdAt: 'asc' }, select });
	}
}
