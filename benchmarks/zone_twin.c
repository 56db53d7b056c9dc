/* The hourly heat balance and the weighing of loads, the same algorithm as services/buildings/zone_kernels.py, in the
   same order of operations, for comparison of speed and of bits. Names and units as there. */
#include <stdint.h>

static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }

void simulate_zone(int64_t hours, const double *restrict outdoor, const double *restrict behind,
                   const double *restrict supply, const double *restrict ventilation, const double *restrict gain_air,
                   const double *restrict gain_radiant, const double *restrict heat_setpoint,
                   const double *restrict cool_setpoint, const double *restrict heat_limit,
                   const double *restrict cool_limit, double windows, double mass_outside, double mass_area,
                   double surface_area, double capacity, double start_mass, int64_t warm_up, int64_t sub_steps,
                   double *restrict air, double *restrict surface, double *restrict mass, double *restrict power) {
  const double h_ms = 9.1 * mass_area, h_is = 3.45 * surface_area, to_mass = mass_area / surface_area;
  const double to_surface = 1.0 - to_mass - windows / (9.1 * surface_area);
  const double inertia = capacity * (double)sub_steps / 3600.0, part = 1.0 / (double)sub_steps;
  double state = start_mass;
  for (int64_t step = -(warm_up < hours ? warm_up : hours); step < hours; step++) {
    const int64_t h = step >= 0 ? step : step + hours;
    const double h_ve = ventilation[h], at_air = gain_air[h];
    const double per_air = 1.0 / (h_ve + h_is), through = h_is * per_air, h1 = h_ve * through, h2 = h1 + windows;
    const double per_node = 1.0 / (h2 + h_ms), down = h_ms * per_node, lost = 0.5 * (h2 * down + mass_outside);
    const double inner = to_surface * gain_radiant[h] + windows * outdoor[h] + at_air * through + h1 * supply[h];
    const double gain = to_mass * gain_radiant[h] + mass_outside * behind[h] + down * inner;
    const double below = 1.0 / (inertia + lost);
    const double mass_of_mass = (inertia - lost) * below, mass_fixed = gain * below;
    const double mass_per_watt = down * through * below;
    const double surface_of_mass = 0.5 * down * (1.0 + mass_of_mass);
    const double surface_fixed = 0.5 * down * mass_fixed + inner * per_node;
    const double surface_per_watt = 0.5 * down * mass_per_watt + through * per_node;
    const double air_of_mass = through * surface_of_mass;
    const double air_fixed = through * surface_fixed + (h_ve * supply[h] + at_air) * per_air;
    const double air_per_watt = through * surface_per_watt + per_air, watt_per_k = 1.0 / air_per_watt;
    const double low = heat_setpoint[h], high = cool_setpoint[h], most_heat = heat_limit[h], most_cool = -cool_limit[h];
    double air_sum = 0.0, surface_sum = 0.0, power_sum = 0.0;
    for (int64_t k = 0; k < sub_steps; k++) {
      const double t_air = air_of_mass * state + air_fixed;
      double watt = 0.0;
      if (t_air < low)
        watt = least((low - t_air) * watt_per_k, most_heat);
      else if (t_air > high)
        watt = most((high - t_air) * watt_per_k, most_cool);
      air_sum += t_air + air_per_watt * watt;
      surface_sum += surface_of_mass * state + surface_fixed + surface_per_watt * watt;
      power_sum += watt;
      state = mass_of_mass * state + mass_fixed + mass_per_watt * watt;
    }
    if (step >= 0) {
      air[h] = air_sum * part;
      surface[h] = surface_sum * part;
      mass[h] = state;
      power[h] = power_sum * part;
    }
  }
}

void weigh_loads(int64_t hours, int64_t systems, int64_t coolers, const double *restrict power,
                 const double *restrict latent, double sensible_share, const double *restrict inverse_heat,
                 const double *restrict pump_capacity, const double *restrict inverse_cool, double *restrict heat,
                 double *restrict cool, double *restrict sums) {
  for (int64_t s = 0; s < 2 + systems + coolers; s++) sums[s] = 0.0;
  for (int64_t h = 0; h < hours; h++) {
    heat[h] = cool[h] = 0.0;
    if (power[h] > 0.0) {
      heat[h] = power[h];
      sums[0] += 0.001 * power[h];
      for (int64_t k = 0; k < systems; k++) {
        const double pumped = least(power[h], pump_capacity[k * hours + h]);
        sums[2 + k] += 0.001 * (pumped * inverse_heat[k * hours + h] + (power[h] - pumped));
      }
    } else if (power[h] < 0.0) {
      cool[h] = latent[h] - power[h] / sensible_share;
      sums[1] += 0.001 * cool[h];
      for (int64_t j = 0; j < coolers; j++)
        sums[2 + systems + j] += 0.001 * cool[h] * inverse_cool[j * hours + h];
    }
  }
}
