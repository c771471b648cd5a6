export { holidaysIn, isHoliday } from './holidays.ts';
export { planRota, type Week } from './rota.ts';
