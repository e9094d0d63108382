/** Set by the launcher on each request, overwriting what a client sends. */
export const localHeader = 'x-immich-auth-local';

const codeHeader = 'x-immich-auth-setup-code';

/** Reads what entitles a request to set up the server; `isLocal` was determined by the launcher. */
export const getSetupSender = ({ headers }: Request) => ({
	isLocal: headers.get(localHeader) === 'yes',
	header: headers.get(codeHeader) ?? undefined
});
