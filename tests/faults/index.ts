import type { Fault } from './fault.ts';
import { accessFaults } from './access.ts';
import { apiKeyFaults } from './api-keys.ts';
import { credentialFaults } from './credentials.ts';
import { limitFaults } from './limits.ts';
import { maintenanceFaults } from './maintenance.ts';
import { oauthAccountFaults } from './oauth-accounts.ts';
import { oauthFlowFaults } from './oauth-flow.ts';
import { oauthFaults } from './oauth.ts';
import { processFaults } from './process.ts';
import { secretFaults } from './secrets.ts';
import { sessionFaults } from './sessions.ts';
import { settingsFaults } from './settings.ts';
import { setupFaults } from './setup.ts';
import { signInFaults } from './sign-in.ts';
import { siteFaults } from './site.ts';

/** Every planted fault, by area. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = {
	access: accessFaults,
	'api keys': apiKeyFaults,
	credentials: credentialFaults,
	limits: limitFaults,
	maintenance: maintenanceFaults,
	'oauth accounts': oauthAccountFaults,
	'oauth flow': oauthFlowFaults,
	oauth: oauthFaults,
	process: processFaults,
	secrets: secretFaults,
	sessions: sessionFaults,
	settings: settingsFaults,
	setup: setupFaults,
	'sign-in': signInFaults,
	site: siteFaults
};
