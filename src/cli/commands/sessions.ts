import { z } from 'zod';
import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { deviceName } from '#lib/contract/sessions/device.ts';
import { connect } from '../client/connect.ts';
import { findUser } from '../client/find-user.ts';
import { DeviceSession } from '../client/replies.ts';
import { usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatTable } from '../terminal/output.ts';
import { confirm } from '../terminal/prompts.ts';

/** Lists one's own sessions, or those of a user. */
export async function list(context: Context, { user }: { readonly user?: string | undefined }): Promise<void> {
	const { api } = await connect(context);
	const owner = user === undefined ? null : await findUser(api, user);
	const request = owner === null ? 'GET /sessions' : `GET /admin/users/${owner.id}/sessions`;
	const sessions = await api.call(request, z.array(DeviceSession));
	const table = await formatTable(
		['ID', 'Device', 'Last used', 'Created', 'Expires', 'Current'],
		sessions.map((session) => [
			session.id,
			deviceName(session),
			session.updatedAt,
			session.createdAt,
			session.expiresAt,
			session.current
		])
	);
	context.output.result(sessions, () => (sessions.length === 0 ? 'There are no sessions.' : table));
}

interface EndOptions {
	readonly user?: string | undefined;
	readonly others?: true | undefined;
	readonly everyone?: true | undefined;
	readonly yes?: true | undefined;
}

/** Ends one session, or all of a user, or of everyone. */
export async function end(context: Context, id: string | undefined, options: EndOptions): Promise<void> {
	const { user, others, everyone, yes } = options;
	if ([id, others, everyone].filter(Boolean).length > 1 || (user !== undefined && (others || everyone)))
		throw usageError('Choose one: a session, --user, --others or --everyone.');
	if (id === undefined && user === undefined && !others && !everyone)
		throw usageError('Which sessions?', 'Give the ID of one, or --user, --others or --everyone.');
	if (id !== undefined && !uuidPattern.test(id))
		throw usageError(`"${id}" is not the ID of a session.`, 'List them with: immich-auth sessions list');
	const { api } = await connect(context);
	const owner = user === undefined ? null : await findUser(api, user);
	const name = owner && toPlainText(owner.email);
	const [path, what] = everyone
		? ['/admin/sessions', 'all sessions of everyone but this one']
		: others
			? ['/sessions', 'all your other sessions']
			: owner === null
				? [`/sessions/${id ?? ''}`, 'the session']
				: id === undefined
					? [`/admin/users/${owner.id}/sessions`, `all sessions of ${name ?? ''}`]
					: [`/admin/users/${owner.id}/sessions/${id}`, `the session of ${name ?? ''}`];
	if (id === undefined) await confirm(`End ${what}?`, yes);
	await api.do(`DELETE ${path}`);
	context.output.result(
		{ ended: id ?? (everyone ? 'everyone' : others ? 'others' : 'all'), user: owner?.id ?? null },
		() => `Ended ${what}.`
	);
}
