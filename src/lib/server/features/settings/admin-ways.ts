import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { AppError } from '#lib/server/platform/errors.ts';
import type { Settings, SettingsReader } from './settings-reader.ts';
import { adminsNeedPasswords, adminsStranded, onlyAdminWhoCanSignIn } from './errors.ts';
import { listProviders } from './oauth-providers.ts';
import type { StrandedAdmin } from '#lib/server/features/oauth/index.ts';
import type { AdminWaysRepositories } from './repositories.ts';
import type { SignInWays } from '#lib/server/features/user-directory/index.ts';

/** The maximum number of admins listed. */
export const mostStranded = 100;

/** Returns the enabled ways to sign in. */
export const getSignInWays = (settings: Settings): SignInWays => ({
	isPasswordLoginOn: settings.system.passwordLogin.enabled,
	providerIds: listProviders(settings).map(({ id }) => id)
});

/**
 * Reads the enabled ways to sign in within a transaction. If it holds the lock of the admins, no way is disabled until it
 * ends unless the admins could do without.
 */
export const readSignInWays = async (
	{ settings }: Pick<AdminWaysRepositories, 'settings'>,
	reader: SettingsReader
): Promise<SignInWays> => getSignInWays(await reader.readInForce(settings));

/** Admins who could no longer sign in, for display on a page. */
export interface StrandedView {
	readonly stranded: readonly (StrandedAdmin & { readonly isOwn: boolean })[];
	readonly isPasswordLoginOn: boolean;
}

/** Marks the caller among the admins who could no longer sign in. */
export const toStrandedView = (
	{ user }: Auth,
	admins: readonly StrandedAdmin[],
	{ isPasswordLoginOn }: SignInWays
): StrandedView => ({
	stranded: admins.map((admin) => ({ ...admin, isOwn: admin.id === user.id })),
	isPasswordLoginOn
});

/**
 * Refuses to remove links without which these admins couldn't sign in.
 * @throws {AppError} 400 if there are any
 */
export function refuseStranding(admins: readonly StrandedAdmin[], { isPasswordLoginOn }: SignInWays): void {
	const emails = admins.map(({ email }) => email);
	if (emails.length > 0) throw adminsStranded(emails, isPasswordLoginOn);
}

/**
 * Refuses a settings change after which no admin could sign in, unless none can already. Until the transaction ends, no
 * admin can lose another way to sign in.
 * @throws {AppError} 400 if none could
 */
export async function requireAdminsCanSignIn(
	{ oauthUnlinks, users }: AdminWaysRepositories,
	before: Settings,
	after: Settings
): Promise<void> {
	const [from, to] = [getSignInWays(before), getSignInWays(after)];
	if (isWithin(from, to)) return;
	await users.lockAdmins();
	const lockedOut = await oauthUnlinks.listLockedOutAdmins(from, to, mostStranded);
	if (from.isPasswordLoginOn && !to.isPasswordLoginOn && lockedOut.length > 0)
		throw adminsNeedPasswords(lockedOut.map(({ email }) => email));
	refuseStranding(lockedOut, to);
}

/** Returns the error for deleting or demoting an admin if no other can sign in, unless this one can't either; else null. */
export async function refuseOnlyAdminWhoCanSignIn(
	repositories: AdminWaysRepositories,
	reader: SettingsReader,
	userId: string
): Promise<AppError | null> {
	const ways = await readSignInWays(repositories, reader);
	const isOnly = await repositories.oauthUnlinks.isOnlyAdminWhoCanSignIn(userId, ways);
	return isOnly ? onlyAdminWhoCanSignIn(ways.isPasswordLoginOn) : null;
}

/** Whether a change keeps every way to sign in. */
const isWithin = (from: SignInWays, to: SignInWays): boolean =>
	(to.isPasswordLoginOn || !from.isPasswordLoginOn) && from.providerIds.every((id) => to.providerIds.includes(id));
