import type { Fault } from './fault.ts';
import { accessFaults } from './access.ts';
import { credentialFaults } from './credentials.ts';
import { oauthFaults } from './oauth.ts';
import { secretFaults } from './secrets.ts';

/** Every planted fault, by area. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = {
	access: accessFaults,
	credentials: credentialFaults,
	oauth: oauthFaults,
	secrets: secretFaults
};
