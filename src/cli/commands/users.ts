import { randomBytes } from 'node:crypto';
import { bytesOfQuota, quotaOfBytes } from '#lib/contract/users/quota.ts';
import { ApiError } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { findUser, listUsers } from '../client/find-user.ts';
import { User } from '../client/replies.ts';
import { usageError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatFacts, formatTable } from '../terminal/output.ts';
import { askSecret, confirm, isInteractive, readSecret } from '../terminal/prompts.ts';

interface ListOptions {
	readonly search?: string | undefined;
	readonly admins?: true | undefined;
	readonly deleted?: true | undefined;
}

/** A user as `--json` prints it. */
export const toJson = ({ oauthId, ...user }: User) => ({ ...user, isOAuthLinked: oauthId !== '' });

/** Lists users, newest first. */
export async function list(context: Context, { search = '', admins, deleted }: ListOptions): Promise<void> {
	const { api } = await connect(context);
	const part = search.toLowerCase();
	const users = (await listUsers(api, deleted ?? false)).filter(
		({ name, email, isAdmin }) =>
			(!admins || isAdmin) && (name.toLowerCase().includes(part) || email.toLowerCase().includes(part))
	);
	const table = context.output.isJson
		? ''
		: await formatTable(
				['Email', 'Name', 'Admin', 'Status', 'Quota', 'Created'],
				users.map((user) => [
					user.email,
					user.name,
					user.isAdmin,
					describeStatus(user),
					quotaOfBytes(user.quotaSizeInBytes),
					user.createdAt.slice(0, 10)
				])
			);
	context.output.result(users.map(toJson), () => (users.length === 0 ? 'No users match.' : table));
}

const describeStatus = ({ status, shouldChangePassword }: User): string =>
	status === 'active' && shouldChangePassword ? 'must change password' : status;

const formatUser = (user: User): string =>
	formatFacts([
		['Email', user.email],
		['Name', user.name],
		['ID', user.id],
		['Admin', user.isAdmin],
		['Status', describeStatus(user)],
		['OAuth', user.oauthId === '' ? 'not linked' : 'linked'],
		['Storage label', user.storageLabel],
		['Quota', quotaOfBytes(user.quotaSizeInBytes) || 'unlimited'],
		['Used', quotaOfBytes(user.quotaUsageInBytes ?? 0)],
		['Created', user.createdAt],
		['Changed', user.updatedAt],
		['Deleted', user.deletedAt]
	]);

/** Shows one user. */
export async function show(context: Context, reference: string): Promise<void> {
	const { api } = await connect(context);
	const user = await findUser(api, reference);
	context.output.result(toJson(user), () => formatUser(user));
}

interface Fields {
	readonly admin?: boolean | undefined;
	readonly quota?: string | undefined;
	readonly storageLabel?: string | undefined;
}

/** The fields of a request that both creating and changing have; 'none' removes a value. */
function toFields({ admin, quota, storageLabel }: Fields) {
	const quotaSizeInBytes = quota === 'none' ? null : bytesOfQuota(quota ?? '');
	if (Number.isNaN(quotaSizeInBytes)) throw usageError(`"${quota ?? ''}" is no size.`, 'It looks like this: 10GiB');
	return {
		...(admin !== undefined && { isAdmin: admin }),
		...(quota !== undefined && { quotaSizeInBytes }),
		...(storageLabel !== undefined && { storageLabel: storageLabel === 'none' ? null : storageLabel })
	};
}

/** A password that its user has to change. */
export const generatePassword = (): string => randomBytes(15).toString('base64url');

/** Creates a user who has to change the password at the first sign-in. */
export async function create(
	context: Context,
	email: string,
	options: Fields & { readonly name: string; readonly passwordStdin?: true | undefined }
): Promise<void> {
	const fields = toFields(options);
	const { api } = await connect(context);
	const given = options.passwordStdin ? await readSecret('--password-stdin') : null;
	const password = given ?? generatePassword();
	const body = { email, name: options.name, password, shouldChangePassword: true, ...fields };
	const user = await api.call('POST /admin/users', User, { body });
	const shown = given === null ? password : null;
	context.output.result({ user: toJson(user), password: shown }, () => [
		`Created ${toPlainText(user.email)}, ID ${user.id}.`,
		...(shown === null ? [] : [`Temporary password: ${shown}`])
	]);
}

/** Changes a user. */
export async function update(
	context: Context,
	reference: string,
	options: Fields & { readonly email?: string | undefined; readonly name?: string | undefined }
): Promise<void> {
	const body = {
		...(options.email !== undefined && { email: options.email }),
		...(options.name !== undefined && { name: options.name }),
		...toFields(options)
	};
	if (Object.keys(body).length === 0) throw usageError('What is to be changed?', 'Add an option; --help lists them.');
	const { api } = await connect(context);
	const { id } = await findUser(api, reference);
	const request = `PUT /admin/users/${id}`;
	const user = await api.call(request, User, { body }).catch(async (error: unknown) => {
		// Changing one's own email needs a proof some time after the sign-in.
		const isProofNeeded = error instanceof ApiError && error.message.includes('urrent password');
		if (!isProofNeeded || !isInteractive()) throw error;
		return api.call(request, User, { body: { ...body, currentPassword: await askSecret('Your own password') } });
	});
	context.output.result(toJson(user), () => formatUser(user));
}

/** Deletes a user. */
export async function remove(
	context: Context,
	reference: string,
	{ force = false, yes }: { readonly force?: boolean | undefined; readonly yes?: true | undefined }
): Promise<void> {
	const { api } = await connect(context);
	const { id, email } = await findUser(api, reference);
	const name = toPlainText(email);
	await confirm(force ? `Delete ${name} and everything they own, immediately?` : `Delete ${name}?`, yes);
	const user = await api.call(`DELETE /admin/users/${id}`, User, { body: { force } });
	context.output.result(toJson(user), () =>
		force ? `${name} and everything they own is being deleted.` : `Deleted ${name}.`
	);
}

/** Restores a deleted user. */
export async function restore(context: Context, reference: string): Promise<void> {
	const { api } = await connect(context);
	const { id } = await findUser(api, reference);
	const user = await api.call(`POST /admin/users/${id}/restore`, User);
	context.output.result(toJson(user), () => `Restored ${toPlainText(user.email)}.`);
}
