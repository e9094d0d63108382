import { CanceledError } from '../failure.ts';
import { complain, printable, say } from '../output.ts';
import { askYesOrNo } from '../prompts.ts';
import { withServer, type Server } from '../server.ts';

export interface PasswordLoginOptions {
	readonly yes?: true;
}

/** Enables or disables sign-in with passwords. */
export const setPasswordLogin = (isEnabled: boolean, { yes }: PasswordLoginOptions): Promise<void> =>
	withServer(async (server) => {
		if (!isEnabled) await confirmSilence(server, yes);
		await server.services.signInSwitch.setPasswords(server.auth, isEnabled);
		say(`Password login has been ${isEnabled ? 'enabled' : 'disabled'}.`);
	});

/** Asks first if no admin could sign in, because no provider answers. */
async function confirmSilence({ services }: Server, yes: true | undefined): Promise<void> {
	const silent = await services.providerSettings.listSilent();
	if (silent.length === 0) return;
	complain('No admin could sign in now, because their providers do not work:');
	for (const { id, fault } of silent) complain(`- ${id}: ${printable(fault)}`);
	const question = 'Disable sign-in with passwords anyway?';
	if (!yes && !(await askYesOrNo(question, 'Confirm with --yes.', false))) throw new CanceledError();
}

export interface OAuthLoginOptions {
	readonly provider?: string;
}

/** Enables or disables sign-in through one provider, or through all. */
export const setOAuthLogin = (isEnabled: boolean, { provider }: OAuthLoginOptions): Promise<void> =>
	withServer(async ({ services: { signInSwitch }, auth }) => {
		const changed = await signInSwitch.setProviders(auth, isEnabled, provider);
		say(`OAuth login has been ${isEnabled ? 'enabled' : 'disabled'}.`);
		const isFirstAlone = changed.length === 1 && changed[0]?.id === 'immich';
		if (changed.length > 0 && !isFirstAlone) say(`Providers: ${changed.map(({ id }) => id).join(', ')}`);
		if (isEnabled && changed.some(({ issuerUrl, clientId }) => issuerUrl === '' || clientId === ''))
			complain('No provider has an issuer URL and a client ID yet: enter them in the settings.');
	});
