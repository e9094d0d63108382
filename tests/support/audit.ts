import { expect } from 'vitest';
import { z } from 'zod';
import { AuditEventDto, type AuditEvent } from '#lib/contract/audit/audit.ts';
import type { Api } from './api.ts';

const Page = z.strictObject({ events: z.array(AuditEventDto.strict()), next: z.string().nullable() });

/** The audit log as an admin reads it. */
export class AuditLog {
	readonly #api: Pick<Api, 'request'>;
	readonly #token: string;

	constructor(api: Pick<Api, 'request'>, token: string) {
		this.#api = api;
		this.#token = token;
	}

	call(query = '', path = '') {
		return this.#api.request('GET', `/api/admin/audit-events${path}?${query}`, { token: this.#token });
	}

	async page(query = '') {
		const { status, body, text } = await this.call(query);
		expect(status, text).toBe(200);
		return Page.parse(body);
	}

	/** Reads up to 200 events, oldest first. */
	async read(query = ''): Promise<AuditEvent[]> {
		return (await this.page(`limit=200&${query}`)).events.toReversed();
	}

	/** Events in short form: ‘Ada: user.create of Bob’. */
	async story(query = ''): Promise<string[]> {
		return (await this.read(query)).map(inShort);
	}
}

export function inShort({ actor, action, subject, outcome, reason }: AuditEvent): string {
	const whose = subject && subject.id !== actor?.id ? ` of ${subject.name ?? ''}` : '';
	return `${actor?.name ?? 'no actor'}: ${action}${whose}${outcome === 'refused' ? `, refused: ${reason ?? ''}` : ''}`;
}
