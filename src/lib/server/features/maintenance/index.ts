export { InstallService } from './install.service.ts';
export { MaintenanceRepository } from './maintenance.repository.ts';
export { MaintenanceService } from './maintenance.service.ts';
export { MaintenanceMode } from './mode.ts';
export { maintenanceRepositories } from './repositories.ts';
