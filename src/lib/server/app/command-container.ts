import { createAccess } from '#lib/server/features/access/index.ts';
import { createAudit } from '#lib/server/features/audit/index.ts';
import { createMaintenance, type MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import { createOAuth } from '#lib/server/features/oauth/index.ts';
import { createProfileImages } from '#lib/server/features/profile-images/index.ts';
import { createSessions } from '#lib/server/features/sessions/index.ts';
import { createSettings } from '#lib/server/features/settings/index.ts';
import { createSignIn } from '#lib/server/features/sign-in/index.ts';
import { createSignInLimits } from '#lib/server/features/sign-in-limits/index.ts';
import { createUsers } from '#lib/server/features/users/index.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { createSilentLog } from '#lib/server/platform/log.ts';
import { Composition } from './composition.ts';
import { openPlatform, type Host } from './open-platform.ts';

/** Reads the state once: a command follows no changes. */
const readMaintenance = (_: unknown, { maintenance }: { readonly maintenance: MaintenanceFeature }) => ({
	start: () => maintenance.mode.refresh()
});

const noMetrics = () => ({ countSignIn: () => undefined });

/** The features that a command on the server needs: it runs no jobs, serves nothing and follows no changes. */
const commandFeatureList = new Composition()
	.add('settings', createSettings)
	.add('audit', createAudit)
	.add('access', createAccess)
	.add('maintenance', createMaintenance)
	.add('maintenanceState', readMaintenance)
	.add('sessions', createSessions)
	.add('metrics', noMetrics)
	.add('profileImages', createProfileImages)
	.add('signInLimits', createSignInLimits)
	.add('users', createUsers)
	.add('signIn', createSignIn)
	.add('oauth', createOAuth);

/**
 * Opens the server's database for one command, whether or not a server is running.
 * @throws StartupError if there is no database of this version
 */
export async function createCommandContainer(env: AppEnv, host: Omit<Host, 'log' | 'isCommand'>) {
	const platform = await openPlatform(env, { ...host, log: createSilentLog(), isCommand: true });
	const { services, features } = await commandFeatureList.start(platform, {
		changes: platform.changes,
		resources: host.resources
	});
	return { services, settings: features.settings.reader };
}

export type CommandContainer = Awaited<ReturnType<typeof createCommandContainer>>;
