import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import type { Api } from './api.ts';

/** Tables that every request can write to, whether it succeeds or not. */
const unrelated = ['user_activity', 'session_origin', 'api_key_usage', 'rate_limit', 'job_hour', 'archive', 'version'];

/** Makes the database reject audit events, to check that no action succeeds without one. */
export class AuditBlock {
	/** All actions whose audit event was rejected. */
	readonly actions = new Set<string>();
	readonly #api: Api;
	#tables: readonly string[] = [];

	constructor(api: Api) {
		this.#api = api;
	}

	async prepare(): Promise<void> {
		await this.#api.pool.query(`
			CREATE FUNCTION immich_auth.test_block() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN
				RAISE EXCEPTION 'audit blocked: %;', NEW."action";
			END $$;
			CREATE TRIGGER test_block BEFORE INSERT ON immich_auth.audit_event
				FOR EACH ROW EXECUTE FUNCTION immich_auth.test_block()`);
		await this.#switch('DISABLE');
		const { rows } = await this.#api.pool.query<{ name: string }>(
			`SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
			WHERE table_schema IN ('public', 'immich_auth', 'immich_auth_jobs') AND table_type = 'BASE TABLE'
				AND table_name <> ALL($1::text[]) AND table_name !~ '^j[0-9a-f]{20}' ORDER BY 1`,
			[unrelated]
		);
		this.#tables = rows.map(({ name }) => name);
	}

	/** Tries an action whose audit event is rejected: it must fail and change nothing. */
	async tryInVain(action: AuditAction, send: () => Promise<{ readonly status: number }>): Promise<void> {
		const before = await this.#everything();
		const seen = this.#api.lines.length;
		await this.#switch('ENABLE');
		try {
			expect([action, (await send()).status]).toEqual([action, 500]);
		} finally {
			await this.#switch('DISABLE');
		}
		expect(await this.#everything(), action).toEqual(before);
		const lines = () => this.#api.lines.slice(seen).join('\n');
		await expect.poll(lines).toContain(`audit blocked: ${action};`);
		this.actions.add(action);
	}

	async #switch(state: 'ENABLE' | 'DISABLE'): Promise<void> {
		await this.#api.pool.query(`ALTER TABLE immich_auth.audit_event ${state} TRIGGER test_block`);
	}

	/** A digest of every table, and the profile picture files. */
	async #everything(): Promise<Record<string, unknown>> {
		const digests = this.#tables.map(
			(name) =>
				`SELECT '${name}' AS name, md5(string_agg(row::text, ' ' ORDER BY row::text)) AS digest FROM ${name} AS row`
		);
		const { rows } = await this.#api.pool.query<{ name: string; digest: string | null }>(digests.join(' UNION ALL '));
		const files = await readdir(path.join(this.#api.dataDir, 'profile'), { recursive: true }).catch(() => []);
		const pictures = files.filter((file) => path.extname(file) !== '').sort();
		return { ...Object.fromEntries(rows.map(({ name, digest }) => [name, digest])), pictures };
	}
}
