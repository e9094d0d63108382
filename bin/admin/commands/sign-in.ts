import { say } from '../output.ts';
import { withServer } from '../server.ts';

/** Enables or disables sign-in with passwords. */
export const setPasswordLogin = (isEnabled: boolean): Promise<void> =>
	setSignIn('passwordLogin.enabled', 'Password login', isEnabled);

/** Enables or disables sign-in through the first provider. */
export const setOAuthLogin = (isEnabled: boolean): Promise<void> =>
	setSignIn('oauth.enabled', 'OAuth login', isEnabled);

const setSignIn = (
	setting: 'passwordLogin.enabled' | 'oauth.enabled',
	title: string,
	isEnabled: boolean
): Promise<void> =>
	withServer(async ({ services: { settings }, auth }) => {
		await settings.setSignIn(auth, setting, isEnabled);
		say(`${title} has been ${isEnabled ? 'enabled' : 'disabled'}.`);
	});
