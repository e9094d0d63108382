/** Set by the launcher on each request, overwriting what a client sends. */
export const localHeader = 'x-immich-auth-local';

const codeHeader = 'x-immich-auth-setup-code';

/** Returns what proves that a request may set up the server; the launcher has determined `isLocal`. */
export const getSetupSender = ({ headers }: Request) => ({
	isLocal: headers.get(localHeader) === 'yes',
	header: headers.get(codeHeader) ?? undefined
});
