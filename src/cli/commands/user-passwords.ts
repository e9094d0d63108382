import { ApiError, type Api } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { findUser } from '../client/find-user.ts';
import { PasswordReset, User } from '../client/replies.ts';
import type { Context } from '../context.ts';
import { toPlainText } from '../session/plain-text.ts';
import { confirm, readSecret } from '../terminal/prompts.ts';
import { generatePassword, toJson } from './users.ts';

interface ResetOptions {
	readonly passwordStdin?: true | undefined;
	readonly keepApiKeys?: true | undefined;
	readonly yes?: true | undefined;
}

/** Gives a user a temporary password. */
export async function resetPassword(
	context: Context,
	reference: string,
	{ passwordStdin, keepApiKeys, yes }: ResetOptions
): Promise<void> {
	const { api } = await connect(context);
	const { id, email } = await findUser(api, reference);
	await confirm(`Reset the password of ${toPlainText(email)} and end their sessions?`, yes);
	const given = passwordStdin ? await readSecret('--password-stdin') : null;
	const body = { ...(given !== null && { password: given }), revokeApiKeys: keepApiKeys !== true };
	const { user, password, expiresAt } = await api
		.call(`POST /admin/users/${id}/reset-password`, PasswordReset, { body })
		.catch((error: unknown) => resetElsewhere(api, id, given, error));
	const shown = given === null ? password : null;
	context.output.result({ user: toJson(user), password: shown, expiresAt }, () => [
		`The password of ${toPlainText(user.email)} was reset${expiresAt === null ? '' : `; the temporary one works until ${expiresAt}`}.`,
		...(shown === null ? [] : [`Temporary password: ${shown}`])
	]);
}

/** Immich has no such operation, but can set a password that has to be changed. */
async function resetElsewhere(api: Api, id: string, given: string | null, error: unknown) {
	if (!(error instanceof ApiError && error.status === 404)) throw error;
	const password = given ?? generatePassword();
	const user = await api.call(`PUT /admin/users/${id}`, User, { body: { password, shouldChangePassword: true } });
	return { user, password, expiresAt: null };
}

/** Requires a new password at the next request. */
export async function requireChange(context: Context, reference: string): Promise<void> {
	const { api } = await connect(context);
	const { id } = await findUser(api, reference);
	const user = await api.call(`POST /admin/users/${id}/force-password-change`, User).catch((error: unknown) => {
		if (!(error instanceof ApiError && error.status === 404)) throw error;
		return api.call(`PUT /admin/users/${id}`, User, { body: { shouldChangePassword: true } });
	});
	context.output.result(toJson(user), () => `${toPlainText(user.email)} has to choose a new password.`);
}
