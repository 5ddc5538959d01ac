/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_GMBUS_H
#define UGVT_DISPLAY_GMBUS_H

#include <stdbool.h>

#include "display/ddc.h"
#include "gpu/regs/regfile.h"

/*
 * The GMBUS controller: I2C over one of the pin pairs that GMBUS0 selects, four bytes at a time. PRM SKL vol 12, "GMBUS";
 * intel_gmbus_regs.h. And the same pins driven by hand, through GPIO_CTL: lines that nobody pulls low.
 */

#define UGVT_GMBUS_PINS 16

struct ugvt_gmbus {
	struct ugvt_ddc *ddc[UGVT_GMBUS_PINS]; // NULL: nobody at these pins
	unsigned left;                         // bytes of the cycle that is under way
	bool read;
	bool stop; // the cycle ends with a stop condition
};

void ugvt_gmbus_init(struct ugvt_gmbus *gmbus);
/* Hooks of GMBUS1 and GMBUS3. */
void ugvt_gmbus_handle_command(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs);
void ugvt_gmbus_handle_data_write(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs);
uint32_t ugvt_gmbus_handle_data_read(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs);
/* True while something that GMBUS4 enables an interrupt for is so. */
bool ugvt_gmbus_interrupt(const struct ugvt_regfile *regs);

/* What a pin pair's register holds after value was written over old. */
uint32_t ugvt_gpio_write(uint32_t old, uint32_t value);

#endif
