import type { AccessFeature } from '#lib/server/features/access/index.ts';
import type { ProfileImagesFeature } from '#lib/server/features/profile-images/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { SignInLimitsFeature } from '#lib/server/features/sign-in-limits/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { removalIsImmichs } from './errors.ts';
import { OwnPassword } from './own-password.ts';
import { rewriteHashes } from './password-hashes.sql.ts';
import { PasswordPolicy } from './password-policy.ts';
import { removeDeletedUsers, type RemovalListener, removeUser } from './remove-users.ts';
import type { UserStore } from './repositories.ts';
import { UserAdminService } from './user-admin.service.ts';
import { UserRecoveryService } from './user-recovery.service.ts';
import { UserPasswordService } from './user-password.service.ts';
import { UserService } from './user.service.ts';

interface Needed {
	readonly access: AccessFeature;
	readonly settings: SettingsFeature;
	readonly signInLimits: SignInLimitsFeature;
	readonly profileImages: ProfileImagesFeature;
}

export async function createUsers(
	{ store, pool, passwords, log, immich }: Platform<UserStore>,
	{ access: { identities, proofs }, settings: { reader: settings }, signInLimits, profileImages }: Needed
) {
	await rewriteHashes(pool);
	const policy = new PasswordPolicy(settings);
	const ownPassword = new OwnPassword({ store, passwords, policy });
	const users = new UserService({ store, identities, ownPassword, passwords, proofs, settings });
	// A user's photos go with their row, and Immich stores the files.
	const refuse: RemovalListener = () => Promise.reject(removalIsImmichs());
	const removalListeners: RemovalListener[] = [
		...(immich ? [refuse] : []),
		({ id }) => Promise.resolve(() => profileImages.services.profileImage.removeAll(id))
	];
	const removal = { store, settings, files: profileImages.files, listeners: removalListeners, log };
	return {
		policy,
		ownPassword,
		/** Adds what is done before a user's rows are removed permanently. */
		onRemoval: (listener: RemovalListener) => void removalListeners.push(listener),
		services: {
			user: users,
			userAdmin: new UserAdminService({
				store,
				passwords,
				policy,
				proofs,
				settings,
				users,
				removalListeners,
				log
			}),
			userRecovery: new UserRecoveryService({ store, passwords, policy, attempts: signInLimits.attempts, log }),
			userPassword: new UserPasswordService({
				store,
				passwords,
				policy,
				attempts: signInLimits.attempts,
				proofs,
				settings,
				log
			})
		},
		jobs: {
			UserDeleteCheck: {
				queue: 'backgroundTask',
				work: removeDeletedUsers(removal),
				isImmichs: true,
				isNightly: () => settings.current.system.nightlyTasks.databaseCleanup
			},
			UserDelete: { queue: 'backgroundTask', work: removeUser(removal), isImmichs: true }
		}
	} satisfies Feature;
}

export type UsersFeature = Awaited<ReturnType<typeof createUsers>>;
