import type { Fault } from './fault.ts';
import { accessFaults } from './access.ts';
import { adminFaults } from './admins.ts';
import { albumFaults } from './albums.ts';
import { assetFaults } from './assets.ts';
import { attachFaults } from './attach.ts';
import { apiKeyFaults } from './api-keys.ts';
import { changeFeedFaults } from './change-feed.ts';
import { cliFaults } from './cli.ts';
import { commandLineFaults } from './command-line.ts';
import { credentialFaults } from './credentials.ts';
import { deviceAuthorizationFaults } from './device-authorization.ts';
import { limitFaults } from './limits.ts';
import { liveCredentialFaults } from './live-credentials.ts';
import { maintenanceFaults } from './maintenance.ts';
import { noticeFaults } from './notices.ts';
import { objectAccessFaults } from './object-access.ts';
import { oauthUserFaults } from './oauth-users.ts';
import { oauthFlowFaults } from './oauth-flow.ts';
import { oauthIssuerFaults } from './oauth-issuers.ts';
import { oauthFaults } from './oauth.ts';
import { inFrontFaults } from './in-front.ts';
import { partnerFaults } from './partners.ts';
import { processFaults } from './process.ts';
import { replyFaults } from './replies.ts';
import { secretFaults } from './secrets.ts';
import { sessionFaults } from './sessions.ts';
import { settingsFaults } from './settings.ts';
import { setupFaults } from './setup.ts';
import { sharedLinkFaults } from './shared-links.ts';
import { signInFaults } from './sign-in.ts';
import { siteFaults } from './site.ts';
import { textLimitFaults } from './text-limits.ts';

/** Every planted fault, by area. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = {
	access: accessFaults,
	'object access': objectAccessFaults,
	admins: adminFaults,
	albums: albumFaults,
	assets: assetFaults,
	attach: attachFaults,
	'api keys': apiKeyFaults,
	'change feed': changeFeedFaults,
	cli: cliFaults,
	'command line': commandLineFaults,
	credentials: credentialFaults,
	'device authorization': deviceAuthorizationFaults,
	limits: limitFaults,
	'live credentials': liveCredentialFaults,
	maintenance: maintenanceFaults,
	notices: noticeFaults,
	'oauth users': oauthUserFaults,
	'oauth flow': oauthFlowFaults,
	'oauth issuers': oauthIssuerFaults,
	oauth: oauthFaults,
	'in front': inFrontFaults,
	partners: partnerFaults,
	process: processFaults,
	replies: replyFaults,
	secrets: secretFaults,
	sessions: sessionFaults,
	settings: settingsFaults,
	setup: setupFaults,
	'shared links': sharedLinkFaults,
	'sign-in': signInFaults,
	site: siteFaults,
	'text limits': textLimitFaults
};
