/** Puts a failed start into one line. */
export function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error ? error.code : undefined;
	const port = 'port' in error ? String(error.port) : '';
	if (code === 'EADDRINUSE')
		return `Port ${port} is taken by another program. Stop that one, or choose another port with IMMICH_PORT.`;
	if (code === 'EACCES' && port)
		return `Port ${port} is not allowed to this user. Choose one above 1024 with IMMICH_PORT.`;
	if (port && (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAFNOSUPPORT' || code === 'EAI_AGAIN'))
		return `This machine has no address ${'address' in error ? String(error.address) : ''} to listen on (${code}). Correct IMMICH_HOST.`;
	if (code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('build/handler.js'))
		return 'It is not built yet. Run npm start.';
	return error.message;
}
