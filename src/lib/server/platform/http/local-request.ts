/** Written by the launcher into each request, over whatever a client sends there. */
export const localHeader = 'x-immich-auth-local';

const codeHeader = 'x-immich-auth-setup-code';

/** Reads what a request tells of its sender's right to set the server up; local is what the launcher has found to be so. */
export const setupSenderOf = ({ headers }: Request) => ({
	isLocal: headers.get(localHeader) === 'yes',
	header: headers.get(codeHeader) ?? undefined
});
