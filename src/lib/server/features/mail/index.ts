export { findMailFault, type MailServer } from './mail-server.ts';
