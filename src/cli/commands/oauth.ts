import { ApiError } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { findUser } from '../client/find-user.ts';
import { UnlinkPreview, User } from '../client/replies.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { toPlainText } from '../session/plain-text.ts';
import { confirm } from '../terminal/prompts.ts';
import { toJson } from './users.ts';

interface Options {
	readonly yes?: true | undefined;
}

/** Unlinks a user from all providers. */
export async function unlink(context: Context, reference: string, { yes }: Options): Promise<void> {
	const { api } = await connect(context);
	const { id, email } = await findUser(api, reference);
	await confirm(`Unlink ${toPlainText(email)} from OAuth?`, yes);
	const user = await api.call(`DELETE /admin/users/${id}/oauth`, User);
	context.output.result(toJson(user), () => `Unlinked ${toPlainText(email)} from OAuth.`);
}

/** Unlinks everyone from all providers. */
export async function unlinkAll(context: Context, { yes }: Options): Promise<void> {
	const { api } = await connect(context);
	const preview = await api.call('GET /admin/auth/unlink-all', UnlinkPreview).catch((error: unknown) => {
		// Only our servers tell.
		if (error instanceof ApiError && error.status === 404) return null;
		throw error;
	});
	const stranded = preview?.adminsWithoutPassword ?? [];
	if (stranded.length > 0)
		throw new CliError(
			`These admins have no password and could not sign in anymore: ${stranded.map(({ email }) => toPlainText(email)).join(', ')}`,
			'Give each a temporary one: immich-auth users reset-password USER'
		);
	const what = preview
		? `${preview.users} users, ${preview.usersWithoutPassword} of them without a password`
		: 'all users';
	await confirm(`Unlink ${what}, from OAuth?`, yes);
	await api.do('POST /admin/auth/unlink-all');
	context.output.result(
		{ unlinked: preview?.users ?? null },
		() => `Unlinked ${preview ? preview.users : 'all'} users from OAuth.`
	);
}
