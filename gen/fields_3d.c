/* SPDX-License-Identifier: MIT */
#include "gen/fields_rows.h"

/* Commands of the 3D pipeline: names and bits are those of Mesa src/intel/genxml/gen9.xml. */

// clang-format off

static const struct ugvt_field x3dprimitive[] = {
	BOOL("Predicate Enable", 8, 8),
	BOOL("UAV Coherency Required", 9, 9),
	BOOL("Indirect Parameter Enable", 10, 10),
	ENUM("Vertex Access Type", 40, 40, "SEQUENTIAL|RANDOM"),
	BOOL("End Offset Enable", 41, 41),
	UINT("Vertex Count Per Instance", 64, 95),
	UINT("Start Vertex Location", 96, 127),
	UINT("Instance Count", 128, 159),
	UINT("Start Instance Location", 160, 191),
	INT("Base Vertex Location", 192, 223),
};

static const struct ugvt_field x3dstate_aa_line_parameters[] = {
	FIXED("AA Coverage Slope", 32, 39, 8),
	FIXED("AA Point Coverage Slope", 40, 47, 8),
	FIXED("AA Coverage Bias", 48, 55, 8),
	FIXED("AA Point Coverage Bias", 56, 63, 8),
	FIXED("AA Coverage EndCap Slope", 64, 71, 8),
	FIXED("AA Point Coverage EndCap Slope", 72, 79, 8),
	FIXED("AA Coverage EndCap Bias", 80, 87, 8),
	FIXED("AA Point Coverage EndCap Bias", 88, 95, 8),
};

static const struct ugvt_field x3dstate_binding_table_edit_ds[] = {
	ENUM("Binding Table Edit Target", 32, 33, "|Core 0|Core 1|All Cores"),
	UINT("Binding Table Block Clear", 48, 63),
	GROUP(64, 32, 2, 0),
	ADDRESS("Surface State Pointer", 0, 15),
	UINT("Binding Table Index", 16, 23),
};

static const struct ugvt_field x3dstate_binding_table_pointers_ds[] = {
	ADDRESS("Pointer to DS Binding Table", 37, 47),
};

static const struct ugvt_field x3dstate_binding_table_pointers_gs[] = {
	ADDRESS("Pointer to GS Binding Table", 37, 47),
};

static const struct ugvt_field x3dstate_binding_table_pointers_hs[] = {
	ADDRESS("Pointer to HS Binding Table", 37, 47),
};

static const struct ugvt_field x3dstate_binding_table_pointers_ps[] = {
	ADDRESS("Pointer to PS Binding Table", 37, 47),
};

static const struct ugvt_field x3dstate_binding_table_pointers_vs[] = {
	ADDRESS("Pointer to VS Binding Table", 37, 47),
};

static const struct ugvt_field x3dstate_binding_table_pool_alloc[] = {
	UINT("MOCS", 32, 38),
	BOOL("Binding Table Pool Enable", 43, 43),
	ADDRESS("Binding Table Pool Base Address", 44, 95),
	UINT("Binding Table Pool Buffer Size", 108, 127),
};

static const struct ugvt_field x3dstate_blend_state_pointers[] = {
	BOOL("Blend State Pointer Valid", 32, 32),
	ADDRESS("Blend State Pointer", 38, 63),
};

static const struct ugvt_field x3dstate_cc_state_pointers[] = {
	BOOL("Color Calc State Pointer Valid", 32, 32),
	ADDRESS("Color Calc State Pointer", 38, 63),
};

static const struct ugvt_field x3dstate_chroma_key[] = {
	UINT("ChromaKey Table Index", 62, 63),
	UINT("ChromaKey Low Value", 64, 95),
	UINT("ChromaKey High Value", 96, 127),
};

static const struct ugvt_field x3dstate_clear_params[] = {
	FLOAT("Depth Clear Value", 32, 63),
	BOOL("Depth Clear Value Valid", 64, 64),
};

static const struct ugvt_field x3dstate_clip[] = {
	UINT("User Clip Distance Cull Test Enable Bitmask", 32, 39),
	BOOL("Statistics Enable", 42, 42),
	BOOL("Force Clip Mode", 48, 48),
	BOOL("Force User Clip Distance Clip Test Enable Bitmask", 49, 49),
	BOOL("Early Cull Enable", 50, 50),
	ENUM("Vertex Sub Pixel Precision Select", 51, 51, "8 Bit|4 Bit"),
	BOOL("Force User Clip Distance Cull Test Enable Bitmask", 52, 52),
	UINT("Triangle Fan Provoking Vertex Select", 64, 65),
	UINT("Line Strip/List Provoking Vertex Select", 66, 67),
	UINT("Triangle Strip/List Provoking Vertex Select", 68, 69),
	BOOL("Non-Perspective Barycentric Enable", 72, 72),
	BOOL("Perspective Divide Disable", 73, 73),
	ENUM("Clip Mode", 77, 79, "CLIPMODE_NORMAL|||CLIPMODE_REJECT_ALL|CLIPMODE_ACCEPT_ALL"),
	UINT("User Clip Distance Clip Test Enable Bitmask", 80, 87),
	BOOL("Guardband Clip Test Enable", 90, 90),
	BOOL("Viewport XY Clip Test Enable", 92, 92),
	ENUM("API Mode", 94, 94, "APIMODE_OGL|APIMODE_D3D"),
	BOOL("Clip Enable", 95, 95),
	UINT("Maximum VP Index", 96, 99),
	BOOL("Force Zero RTA Index Enable", 101, 101),
	FIXED("Maximum Point Width", 102, 112, 3),
	FIXED("Minimum Point Width", 113, 123, 3),
};

static const struct ugvt_field x3dstate_constant_ds[] = {
	UINT("MOCS", 8, 14),
	GROUP(32, 16, 1, 4),
	UINT("Read Length", 0, 15),
	GROUP(96, 64, 1, 4),
	ADDRESS("Buffer", 5, 63),
};

static const struct ugvt_field x3dstate_depth_buffer[] = {
	UINT("Surface Pitch", 32, 49),
	ENUM("Surface Format", 50, 52, "|D32_FLOAT||D24_UNORM_X8_UINT||D16_UNORM"),
	BOOL("Hierarchical Depth Buffer Enable", 54, 54),
	BOOL("Stencil Write Enable", 59, 59),
	BOOL("Depth Write Enable", 60, 60),
	ENUM("Surface Type", 61, 63, "|SURFTYPE_2D||SURFTYPE_CUBE||||SURFTYPE_NULL"),
	ADDRESS("Surface Base Address", 64, 127),
	UINT("LOD", 128, 131),
	UINT("Width", 132, 145),
	UINT("Height", 146, 159),
	UINT("MOCS", 160, 166),
	UINT("Minimum Array Element", 170, 180),
	UINT("Depth", 181, 191),
	UINT("Mip Tail Start LOD", 218, 221),
	ENUM("Tiled Resource Mode", 222, 223, "NONE|TILEYF|TILEYS"),
	UINT("Surface QPitch", 224, 238),
	UINT("Render Target View Extent", 245, 255),
};

static const struct ugvt_field x3dstate_drawing_rectangle[] = {
	ENUM("Core Mode Select", 14, 15, "Legacy|Core 0 Enabled|Core 1 Enabled"),
	UINT("Clipped Drawing Rectangle X Min", 32, 47),
	UINT("Clipped Drawing Rectangle Y Min", 48, 63),
	UINT("Clipped Drawing Rectangle X Max", 64, 79),
	UINT("Clipped Drawing Rectangle Y Max", 80, 95),
	INT("Drawing Rectangle Origin X", 96, 111),
	INT("Drawing Rectangle Origin Y", 112, 127),
};

static const struct ugvt_field x3dstate_ds[] = {
	KERNEL("Kernel Start Pointer", 38, 95),
	BOOL("Software Exception Enable", 103, 103),
	BOOL("Illegal Opcode Exception Enable", 109, 109),
	BOOL("Accesses UAV", 110, 110),
	ENUM("Floating Point Mode", 112, 112, "IEEE-754|Alternate"),
	UINT("Thread Dispatch Priority", 113, 113),
	UINT("Binding Table Entry Count", 114, 121),
	ENUM("Sampler Count", 123, 125, "No Samplers|1-4 Samplers|5-8 Samplers|9-12 Samplers|13-16 Samplers"),
	BOOL("Vector Mask Enable", 126, 126),
	UINT("Per-Thread Scratch Space", 128, 131),
	ADDRESS("Scratch Space Base Pointer", 138, 191),
	UINT("Patch URB Entry Read Offset", 196, 201),
	UINT("Patch URB Entry Read Length", 203, 209),
	UINT("Dispatch GRF Start Register For URB Data", 212, 216),
	BOOL("Enable", 224, 224),
	BOOL("Cache Disable", 225, 225),
	BOOL("Compute W Coordinate Enable", 226, 226),
	ENUM("Dispatch Mode", 227, 228, "SIMD4X2|SIMD8_SINGLE_PATCH|SIMD8_SINGLE_OR_DUAL_PATCH"),
	BOOL("Statistics Enable", 234, 234),
	UINT("Maximum Number of Threads", 245, 253),
	UINT("User Clip Distance Cull Test Enable Bitmask", 256, 263),
	UINT("User Clip Distance Clip Test Enable Bitmask", 264, 271),
	UINT("Vertex URB Entry Output Length", 272, 276),
	UINT("Vertex URB Entry Output Read Offset", 277, 282),
	ADDRESS("DUAL_PATCH Kernel Start Pointer", 294, 351),
};

static const struct ugvt_field x3dstate_gather_constant_ds[] = {
	ENUM("Update Gather Table Only", 33, 33, "Commit Gather|Non-Commit Gather"),
	UINT("Constant Buffer Binding Table Block", 44, 47),
	UINT("Constant Buffer Valid", 48, 63),
	ENUM("On-Die Table", 67, 67, "Load|Read"),
	BOOL("Constant Buffer Dx9 Generate Stall", 69, 69),
	ADDRESS("Gather Buffer Offset", 70, 86),
	GROUP(96, 32, 6, 0),
	UINT("Binding Table Index Offset", 0, 3),
	UINT("Channel Mask", 4, 7),
	ADDRESS("Constant Buffer Offset", 8, 15),
	UINT("Binding Table Index Offset", 16, 19),
	UINT("Channel Mask", 20, 23),
	ADDRESS("Constant Buffer Offset", 24, 31),
};

static const struct ugvt_field x3dstate_gather_constant_ps[] = {
	BOOL("DX9 On-Die Register Read Enable", 32, 32),
	ENUM("Update Gather Table Only", 33, 33, "Commit Gather|Non-Commit Gather"),
	UINT("Constant Buffer Binding Table Block", 44, 47),
	UINT("Constant Buffer Valid", 48, 63),
	ENUM("On-Die Table", 67, 67, "Load|Read"),
	BOOL("Constant Buffer Dx9 Enable", 68, 68),
	BOOL("Constant Buffer Dx9 Generate Stall", 69, 69),
	ADDRESS("Gather Buffer Offset", 70, 86),
	GROUP(96, 32, 6, 0),
	UINT("Binding Table Index Offset", 0, 3),
	UINT("Channel Mask", 4, 7),
	ADDRESS("Constant Buffer Offset", 8, 15),
	UINT("Binding Table Index Offset", 16, 19),
	UINT("Channel Mask", 20, 23),
	ADDRESS("Constant Buffer Offset", 24, 31),
};

static const struct ugvt_field x3dstate_gather_pool_alloc[] = {
	UINT("MOCS", 32, 38),
	BOOL("Gather Pool Enable", 43, 43),
	ADDRESS("Gather Pool Base Address", 44, 95),
	UINT("Gather Pool Buffer Size", 108, 127),
};

static const struct ugvt_field x3dstate_gs[] = {
	KERNEL("Kernel Start Pointer", 38, 95),
	UINT("Expected Vertex Count", 96, 101),
	BOOL("Software Exception Enable", 103, 103),
	BOOL("Mask Stack Exception Enable", 107, 107),
	BOOL("Accesses UAV", 108, 108),
	BOOL("Illegal Opcode Exception Enable", 109, 109),
	ENUM("Floating Point Mode", 112, 112, "IEEE-754|Alternate"),
	UINT("Thread Dispatch Priority", 113, 113),
	UINT("Binding Table Entry Count", 114, 121),
	ENUM("Sampler Count", 123, 125, "No Samplers|1-4 Samplers|5-8 Samplers|9-12 Samplers|13-16 Samplers"),
	BOOL("Vector Mask Enable", 126, 126),
	BOOL("Single Program Flow", 127, 127),
	UINT("Per-Thread Scratch Space", 128, 131),
	ADDRESS("Scratch Space Base Pointer", 138, 191),
	UINT("Dispatch GRF Start Register For URB Data", 192, 195),
	UINT("Vertex URB Entry Read Offset", 196, 201),
	BOOL("Include Vertex Handles", 202, 202),
	UINT("Vertex URB Entry Read Length", 203, 208),
	TOPOLOGY("Output Topology", 209, 214),
	UINT("Output Vertex Size", 215, 220),
	UINT("Dispatch GRF Start Register For URB Data [5:4]", 221, 222),
	BOOL("Enable", 224, 224),
	BOOL("Discard Adjacency", 225, 225),
	ENUM("Reorder Mode", 226, 226, "LEADING|TRAILING"),
	UINT("Hint", 227, 227),
	BOOL("Include Primitive ID", 228, 228),
	UINT("Invocations Increment Value", 229, 233),
	BOOL("Statistics Enable", 234, 234),
	ENUM("Dispatch Mode", 235, 236, "|Dual Instance|Dual Object|SIMD8"),
	UINT("Default Stream Id", 237, 238),
	UINT("Instance Control", 239, 243),
	UINT("Control Data Header Size", 244, 247),
	UINT("Maximum Number of Threads", 256, 264),
	UINT("Static Output Vertex Count", 272, 282),
	BOOL("Static Output", 286, 286),
	ENUM("Control Data Format", 287, 287, "CUT|SID"),
	UINT("User Clip Distance Cull Test Enable Bitmask", 288, 295),
	UINT("User Clip Distance Clip Test Enable Bitmask", 296, 303),
	UINT("Vertex URB Entry Output Length", 304, 308),
	UINT("Vertex URB Entry Output Read Offset", 309, 314),
};

static const struct ugvt_field x3dstate_hier_depth_buffer[] = {
	UINT("Surface Pitch", 32, 48),
	UINT("MOCS", 57, 63),
	ADDRESS("Surface Base Address", 64, 127),
	UINT("Surface QPitch", 128, 142),
};

static const struct ugvt_field x3dstate_hs[] = {
	BOOL("Software Exception Enable", 44, 44),
	BOOL("Illegal Opcode Exception Enable", 45, 45),
	ENUM("Floating Point Mode", 48, 48, "IEEE-754|alternate"),
	UINT("Thread Dispatch Priority", 49, 49),
	UINT("Binding Table Entry Count", 50, 57),
	ENUM("Sampler Count", 59, 61, "No Samplers|1-4 Samplers|5-8 Samplers|9-12 Samplers|13-16 Samplers"),
	UINT("Instance Count", 64, 67),
	UINT("Maximum Number of Threads", 72, 80),
	BOOL("Statistics Enable", 93, 93),
	BOOL("Enable", 95, 95),
	KERNEL("Kernel Start Pointer", 102, 159),
	UINT("Per-Thread Scratch Space", 160, 163),
	ADDRESS("Scratch Space Base Pointer", 170, 223),
	BOOL("Include Primitive ID", 224, 224),
	UINT("Vertex URB Entry Read Offset", 228, 233),
	UINT("Vertex URB Entry Read Length", 235, 240),
	ENUM("Dispatch Mode", 241, 242, "SINGLE_PATCH|DUAL_PATCH|8_PATCH"),
	UINT("Dispatch GRF Start Register For URB Data", 243, 247),
	BOOL("Include Vertex Handles", 248, 248),
	BOOL("Accesses UAV", 249, 249),
	BOOL("Vector Mask Enable", 250, 250),
	BOOL("Single Program Flow", 251, 251),
	UINT("Dispatch GRF Start Register For URB Data [5]", 252, 252),
};

static const struct ugvt_field x3dstate_index_buffer[] = {
	UINT("MOCS", 32, 38),
	ENUM("Index Format", 40, 41, "BYTE|WORD|DWORD"),
	ADDRESS("Buffer Starting Address", 64, 127),
	UINT("Buffer Size", 128, 159),
};

static const struct ugvt_field x3dstate_line_stipple[] = {
	UINT("Line Stipple Pattern", 32, 47),
	UINT("Current Stipple Index", 48, 51),
	UINT("Current Repeat Counter", 53, 61),
	BOOL("Modify Enable (Current Repeat Counter, Current Stipple Index)", 63, 63),
	UINT("Line Stipple Repeat Count", 64, 72),
	FIXED("Line Stipple Inverse Repeat Count", 79, 95, 16),
};

static const struct ugvt_field x3dstate_monofilter_size[] = {
	UINT("Monochrome Filter Height", 32, 34),
	UINT("Monochrome Filter Width", 35, 37),
};

static const struct ugvt_field x3dstate_multisample[] = {
	UINT("Number of Multisamples", 33, 35),
	ENUM("Pixel Location", 36, 36, "CENTER|UL_CORNER"),
	BOOL("Pixel Position Offset Enable", 37, 37),
};

static const struct ugvt_field x3dstate_poly_stipple_offset[] = {
	UINT("Polygon Stipple Y Offset", 32, 36),
	UINT("Polygon Stipple X Offset", 40, 44),
};

static const struct ugvt_field x3dstate_poly_stipple_pattern[] = {
	GROUP(32, 32, 1, 32),
	UINT("Pattern Row", 0, 31),
};

static const struct ugvt_field x3dstate_ps[] = {
	KERNEL("Kernel Start Pointer 0", 38, 95),
	BOOL("Software Exception Enable", 103, 103),
	BOOL("Mask Stack Exception Enable", 107, 107),
	BOOL("Illegal Opcode Exception Enable", 109, 109),
	ENUM("Rounding Mode", 110, 111, "RTNE|RU|RD|RTZ"),
	ENUM("Floating Point Mode", 112, 112, "IEEE-754|Alternate"),
	UINT("Thread Dispatch Priority", 113, 113),
	UINT("Binding Table Entry Count", 114, 121),
	ENUM("Single Precision Denormal Mode", 122, 122, "Flushed to Zero|Retained"),
	ENUM("Sampler Count", 123, 125, "No Samplers|1-4 Samplers|5-8 Samplers|9-12 Samplers|13-16 Samplers"),
	BOOL("Vector Mask Enable", 126, 126),
	BOOL("Single Program Flow", 127, 127),
	UINT("Per Thread Scratch Space", 128, 131),
	ADDRESS("Scratch Space Base Pointer", 138, 191),
	BOOL("8 Pixel Dispatch Enable", 192, 192),
	BOOL("16 Pixel Dispatch Enable", 193, 193),
	BOOL("32 Pixel Dispatch Enable", 194, 194),
	ENUM("Position XY Offset Select", 195, 196, "POSOFFSET_NONE||POSOFFSET_CENTROID|POSOFFSET_SAMPLE"),
	ENUM("Render Target Resolve Type", 198, 199, "RESOLVE_DISABLED|RESOLVE_PARTIAL||RESOLVE_FULL"),
	BOOL("Render Target Fast Clear Enable", 200, 200),
	BOOL("Push Constant Enable", 203, 203),
	UINT("Maximum Number of Threads Per PSD", 215, 223),
	UINT("Dispatch GRF Start Register For Constant/Setup Data 2", 224, 230),
	UINT("Dispatch GRF Start Register For Constant/Setup Data 1", 232, 238),
	UINT("Dispatch GRF Start Register For Constant/Setup Data 0", 240, 246),
	KERNEL("Kernel Start Pointer 1", 262, 319),
	KERNEL("Kernel Start Pointer 2", 326, 383),
};

static const struct ugvt_field x3dstate_ps_blend[] = {
	BOOL("Independent Alpha Blend Enable", 39, 39),
	BOOL("Alpha Test Enable", 40, 40),
	ENUM("Destination Blend Factor", 41, 45, BLEND_FACTORS),
	ENUM("Source Blend Factor", 46, 50, BLEND_FACTORS),
	ENUM("Destination Alpha Blend Factor", 51, 55, BLEND_FACTORS),
	ENUM("Source Alpha Blend Factor", 56, 60, BLEND_FACTORS),
	BOOL("Color Buffer Blend Enable", 61, 61),
	BOOL("Has Writeable RT", 62, 62),
	BOOL("Alpha To Coverage Enable", 63, 63),
};

static const struct ugvt_field x3dstate_ps_extra[] = {
	ENUM("Input Coverage Mask State", 32, 33, "NONE|NORMAL|INNER_CONSERVATIVE|DEPTH_COVERAGE"),
	BOOL("Pixel Shader Has UAV", 34, 34),
	BOOL("Pixel Shader Pulls Bary", 35, 35),
	BOOL("Pixel Shader Computes Stencil", 37, 37),
	BOOL("Pixel Shader Is Per Sample", 38, 38),
	BOOL("Pixel Shader Disables Alpha To Coverage", 39, 39),
	BOOL("Attribute Enable", 40, 40),
	BOOL("Pixel Shader Uses Source W", 55, 55),
	BOOL("Pixel Shader Uses Source Depth", 56, 56),
	BOOL("Force Computed Depth", 57, 57),
	ENUM("Pixel Shader Computed Depth Mode", 58, 59, "PSCDEPTH_OFF|PSCDEPTH_ON|PSCDEPTH_ON_GE|PSCDEPTH_ON_LE"),
	BOOL("Pixel Shader Kills Pixel", 60, 60),
	BOOL("oMask Present to Render Target", 61, 61),
	BOOL("Pixel Shader Does not write to RT", 62, 62),
	BOOL("Pixel Shader Valid", 63, 63),
};

static const struct ugvt_field x3dstate_push_constant_alloc_ds[] = {
	UINT("Constant Buffer Size", 32, 37),
	UINT("Constant Buffer Offset", 48, 52),
};

static const struct ugvt_field x3dstate_raster[] = {
	BOOL("Viewport Z Near Clip Test Enable", 32, 32),
	BOOL("Scissor Rectangle Enable", 33, 33),
	BOOL("Antialiasing Enable", 34, 34),
	ENUM("Back Face Fill Mode", 35, 36, "SOLID|WIREFRAME|POINT"),
	ENUM("Front Face Fill Mode", 37, 38, "SOLID|WIREFRAME|POINT"),
	BOOL("Global Depth Offset Enable Point", 39, 39),
	BOOL("Global Depth Offset Enable Wireframe", 40, 40),
	BOOL("Global Depth Offset Enable Solid", 41, 41),
	ENUM("DX Multisample Rasterization Mode", 42, 43, "MSRASTMODE_ OFF_PIXEL|MSRASTMODE_ OFF_PATTERN|MSRASTMODE_ ON_PIXEL|MSRASTMODE_ ON_PATTERN"),
	BOOL("DX Multisample Rasterization Enable", 44, 44),
	BOOL("Smooth Point Enable", 45, 45),
	UINT("Force Multisampling", 46, 46),
	ENUM("Cull Mode", 48, 49, "BOTH|NONE|FRONT|BACK"),
	ENUM("Forced Sample Count", 50, 52, "NUMRASTSAMPLES_0|NUMRASTSAMPLES_1|NUMRASTSAMPLES_2|NUMRASTSAMPLES_4|NUMRASTSAMPLES_8|NUMRASTSAMPLES_16"),
	ENUM("Front Winding", 53, 53, "Clockwise|Counter Clockwise"),
	ENUM("API Mode", 54, 55, "DX9/OGL|DX10.0|DX10.1+"),
	BOOL("Conservative Rasterization Enable", 56, 56),
	BOOL("Viewport Z Far Clip Test Enable", 58, 58),
	FLOAT("Global Depth Offset Constant", 64, 95),
	FLOAT("Global Depth Offset Scale", 96, 127),
	FLOAT("Global Depth Offset Clamp", 128, 159),
};

static const struct ugvt_field x3dstate_rs_constant_pointer[] = {
	ENUM("Operation Load or Store", 44, 44, "Store|Load"),
	ENUM("Shader Select", 60, 62, "VS||||PS"),
	ADDRESS("Global Constant Buffer Address", 70, 95),
	ADDRESS("Global Constant Buffer Address High", 96, 127),
};

static const struct ugvt_field x3dstate_sampler_palette_load0[] = {
	GROUP(32, 32, 4, 0),
	UINT("Blue", 0, 7),
	UINT("Green", 8, 15),
	UINT("Red", 16, 23),
	UINT("Alpha", 24, 31),
};

static const struct ugvt_field x3dstate_sampler_palette_load1[] = {
	GROUP(32, 32, 4, 0),
	UINT("Palette Alpha[0:N-1]", 24, 31),
	UINT("Palette Red[0:N-1]", 16, 23),
	UINT("Palette Green[0:N-1]", 8, 15),
	UINT("Palette Blue[0:N-1]", 0, 7),
};

static const struct ugvt_field x3dstate_sampler_state_pointers_ds[] = {
	ADDRESS("Pointer to DS Sampler State", 37, 63),
};

static const struct ugvt_field x3dstate_sampler_state_pointers_gs[] = {
	ADDRESS("Pointer to GS Sampler State", 37, 63),
};

static const struct ugvt_field x3dstate_sampler_state_pointers_hs[] = {
	ADDRESS("Pointer to HS Sampler State", 37, 63),
};

static const struct ugvt_field x3dstate_sampler_state_pointers_ps[] = {
	ADDRESS("Pointer to PS Sampler State", 37, 63),
};

static const struct ugvt_field x3dstate_sampler_state_pointers_vs[] = {
	ADDRESS("Pointer to VS Sampler State", 37, 63),
};

static const struct ugvt_field x3dstate_sample_mask[] = {
	HEX("Sample Mask", 32, 47),
};

static const struct ugvt_field x3dstate_sample_pattern[] = {
	FIXED("16x Sample0 Y Offset", 32, 35, 4),
	FIXED("16x Sample0 X Offset", 36, 39, 4),
	FIXED("16x Sample1 Y Offset", 40, 43, 4),
	FIXED("16x Sample1 X Offset", 44, 47, 4),
	FIXED("16x Sample2 Y Offset", 48, 51, 4),
	FIXED("16x Sample2 X Offset", 52, 55, 4),
	FIXED("16x Sample3 Y Offset", 56, 59, 4),
	FIXED("16x Sample3 X Offset", 60, 63, 4),
	FIXED("16x Sample4 Y Offset", 64, 67, 4),
	FIXED("16x Sample4 X Offset", 68, 71, 4),
	FIXED("16x Sample5 Y Offset", 72, 75, 4),
	FIXED("16x Sample5 X Offset", 76, 79, 4),
	FIXED("16x Sample6 Y Offset", 80, 83, 4),
	FIXED("16x Sample6 X Offset", 84, 87, 4),
	FIXED("16x Sample7 Y Offset", 88, 91, 4),
	FIXED("16x Sample7 X Offset", 92, 95, 4),
	FIXED("16x Sample8 Y Offset", 96, 99, 4),
	FIXED("16x Sample8 X Offset", 100, 103, 4),
	FIXED("16x Sample9 Y Offset", 104, 107, 4),
	FIXED("16x Sample9 X Offset", 108, 111, 4),
	FIXED("16x Sample10 Y Offset", 112, 115, 4),
	FIXED("16x Sample10 X Offset", 116, 119, 4),
	FIXED("16x Sample11 Y Offset", 120, 123, 4),
	FIXED("16x Sample11 X Offset", 124, 127, 4),
	FIXED("16x Sample12 Y Offset", 128, 131, 4),
	FIXED("16x Sample12 X Offset", 132, 135, 4),
	FIXED("16x Sample13 Y Offset", 136, 139, 4),
	FIXED("16x Sample13 X Offset", 140, 143, 4),
	FIXED("16x Sample14 Y Offset", 144, 147, 4),
	FIXED("16x Sample14 X Offset", 148, 151, 4),
	FIXED("16x Sample15 Y Offset", 152, 155, 4),
	FIXED("16x Sample15 X Offset", 156, 159, 4),
	FIXED("8x Sample4 Y Offset", 160, 163, 4),
	FIXED("8x Sample4 X Offset", 164, 167, 4),
	FIXED("8x Sample5 Y Offset", 168, 171, 4),
	FIXED("8x Sample5 X Offset", 172, 175, 4),
	FIXED("8x Sample6 Y Offset", 176, 179, 4),
	FIXED("8x Sample6 X Offset", 180, 183, 4),
	FIXED("8x Sample7 Y Offset", 184, 187, 4),
	FIXED("8x Sample7 X Offset", 188, 191, 4),
	FIXED("8x Sample0 Y Offset", 192, 195, 4),
	FIXED("8x Sample0 X Offset", 196, 199, 4),
	FIXED("8x Sample1 Y Offset", 200, 203, 4),
	FIXED("8x Sample1 X Offset", 204, 207, 4),
	FIXED("8x Sample2 Y Offset", 208, 211, 4),
	FIXED("8x Sample2 X Offset", 212, 215, 4),
	FIXED("8x Sample3 Y Offset", 216, 219, 4),
	FIXED("8x Sample3 X Offset", 220, 223, 4),
	FIXED("4x Sample0 Y Offset", 224, 227, 4),
	FIXED("4x Sample0 X Offset", 228, 231, 4),
	FIXED("4x Sample1 Y Offset", 232, 235, 4),
	FIXED("4x Sample1 X Offset", 236, 239, 4),
	FIXED("4x Sample2 Y Offset", 240, 243, 4),
	FIXED("4x Sample2 X Offset", 244, 247, 4),
	FIXED("4x Sample3 Y Offset", 248, 251, 4),
	FIXED("4x Sample3 X Offset", 252, 255, 4),
	FIXED("2x Sample0 Y Offset", 256, 259, 4),
	FIXED("2x Sample0 X Offset", 260, 263, 4),
	FIXED("2x Sample1 Y Offset", 264, 267, 4),
	FIXED("2x Sample1 X Offset", 268, 271, 4),
	FIXED("1x Sample0 Y Offset", 272, 275, 4),
	FIXED("1x Sample0 X Offset", 276, 279, 4),
};

static const struct ugvt_field x3dstate_sbe[] = {
	UINT("Primitive ID Override Attribute Select", 32, 36),
	UINT("Vertex URB Entry Read Offset", 37, 42),
	UINT("Vertex URB Entry Read Length", 43, 47),
	BOOL("Primitive ID Override Component X", 48, 48),
	BOOL("Primitive ID Override Component Y", 49, 49),
	BOOL("Primitive ID Override Component Z", 50, 50),
	BOOL("Primitive ID Override Component W", 51, 51),
	ENUM("Point Sprite Texture Coordinate Origin", 52, 52, "UPPERLEFT|LOWERLEFT"),
	BOOL("Attribute Swizzle Enable", 53, 53),
	UINT("Number of SF Output Attributes", 54, 59),
	BOOL("Force Vertex URB Entry Read Offset", 60, 60),
	BOOL("Force Vertex URB Entry Read Length", 61, 61),
	UINT("Point Sprite Texture Coordinate Enable", 64, 95),
	UINT("Constant Interpolation Enable", 96, 127),
	GROUP(128, 2, 1, 32),
	ENUM("Attribute Active Component Format", 0, 1, "DISABLED|XY|XYZ|XYZW"),
};

static const struct ugvt_field x3dstate_sbe_swiz[] = {
	GROUP(32, 16, 8, 16),
	UINT("Source Attribute", 0, 4),
	ENUM("Swizzle Select", 6, 7, "INPUTATTR|INPUTATTR_FACING|INPUTATTR_W|INPUTATTR_FACING_W"),
	ENUM("Constant Source", 9, 10, "CONST_0000|CONST_0001_FLOAT|CONST_1111_FLOAT|PRIM_ID"),
	UINT("Swizzle Control Mode", 11, 11),
	BOOL("Component Override X", 12, 12),
	BOOL("Component Override Y", 13, 13),
	BOOL("Component Override Z", 14, 14),
	BOOL("Component Override W", 15, 15),
	GROUP(288, 4, 1, 16),
	UINT("Attribute Wrap Shortest Enables", 0, 3),
};

static const struct ugvt_field x3dstate_scissor_state_pointers[] = {
	ADDRESS("Scissor Rect Pointer", 37, 63),
};

static const struct ugvt_field x3dstate_sf[] = {
	BOOL("Viewport Transform Enable", 33, 33),
	BOOL("Statistics Enable", 42, 42),
	BOOL("Legacy Global Depth Bias Enable", 43, 43),
	FIXED("Line Width", 44, 61, 7),
	ENUM("Line End Cap Antialiasing Region Width", 80, 81, "0.5 pixels|1.0 pixels|2.0 pixels|4.0 pixels"),
	FIXED("Point Width", 96, 106, 3),
	ENUM("Point Width Source", 107, 107, "Vertex|State"),
	ENUM("Vertex Sub Pixel Precision Select", 108, 108, "8 Bit|4 Bit"),
	BOOL("Smooth Point Enable", 109, 109),
	UINT("AA Line Distance Mode", 110, 110),
	UINT("Triangle Fan Provoking Vertex Select", 121, 122),
	UINT("Line Strip/List Provoking Vertex Select", 123, 124),
	UINT("Triangle Strip/List Provoking Vertex Select", 125, 126),
	BOOL("Last Pixel Enable", 127, 127),
};

static const struct ugvt_field x3dstate_so_buffer[] = {
	BOOL("Stream Output Buffer Offset Address Enable", 52, 52),
	BOOL("Stream Offset Write Enable", 53, 53),
	UINT("MOCS", 54, 60),
	UINT("SO Buffer Index", 61, 62),
	BOOL("SO Buffer Enable", 63, 63),
	ADDRESS("Surface Base Address", 66, 111),
	UINT("Surface Size", 128, 157),
	ADDRESS("Stream Output Buffer Offset Address", 162, 207),
	UINT("Stream Offset", 224, 255),
};

static const struct ugvt_field x3dstate_so_decl_list[] = {
	UINT("Stream to Buffer Selects [0]", 32, 35),
	UINT("Stream to Buffer Selects [1]", 36, 39),
	UINT("Stream to Buffer Selects [2]", 40, 43),
	UINT("Stream to Buffer Selects [3]", 44, 47),
	UINT("Num Entries [0]", 64, 71),
	UINT("Num Entries [1]", 72, 79),
	UINT("Num Entries [2]", 80, 87),
	UINT("Num Entries [3]", 88, 95),
	GROUP(96, 64, 16, 0),
	UINT("Component Mask", 0, 3),
	UINT("Register Index", 4, 9),
	BOOL("Hole Flag", 11, 11),
	UINT("Output Buffer Slot", 12, 13),
	UINT("Component Mask", 16, 19),
	UINT("Register Index", 20, 25),
	BOOL("Hole Flag", 27, 27),
	UINT("Output Buffer Slot", 28, 29),
	UINT("Component Mask", 32, 35),
	UINT("Register Index", 36, 41),
	BOOL("Hole Flag", 43, 43),
	UINT("Output Buffer Slot", 44, 45),
	UINT("Component Mask", 48, 51),
	UINT("Register Index", 52, 57),
	BOOL("Hole Flag", 59, 59),
	UINT("Output Buffer Slot", 60, 61),
};

static const struct ugvt_field x3dstate_stencil_buffer[] = {
	UINT("Surface Pitch", 32, 48),
	UINT("MOCS", 54, 60),
	BOOL("Stencil Buffer Enable", 63, 63),
	ADDRESS("Surface Base Address", 64, 127),
	UINT("Surface QPitch", 128, 142),
};

static const struct ugvt_field x3dstate_streamout[] = {
	ENUM("Force Rendering", 55, 56, "|Resreved|Force_Off|Force_on"),
	BOOL("SO Statistics Enable", 57, 57),
	ENUM("Reorder Mode", 58, 58, "LEADING|TRAILING"),
	UINT("Render Stream Select", 59, 60),
	BOOL("Rendering Disable", 62, 62),
	BOOL("SO Function Enable", 63, 63),
	UINT("Stream 0 Vertex Read Length", 64, 68),
	UINT("Stream 0 Vertex Read Offset", 69, 69),
	UINT("Stream 1 Vertex Read Length", 72, 76),
	UINT("Stream 1 Vertex Read Offset", 77, 77),
	UINT("Stream 2 Vertex Read Length", 80, 84),
	UINT("Stream 2 Vertex Read Offset", 85, 85),
	UINT("Stream 3 Vertex Read Length", 88, 92),
	UINT("Stream 3 Vertex Read Offset", 93, 93),
	UINT("Buffer 0 Surface Pitch", 96, 107),
	UINT("Buffer 1 Surface Pitch", 112, 123),
	UINT("Buffer 2 Surface Pitch", 128, 139),
	UINT("Buffer 3 Surface Pitch", 144, 155),
};

static const struct ugvt_field x3dstate_te[] = {
	BOOL("TE Enable", 32, 32),
	UINT("TE Mode", 33, 34),
	ENUM("TE Domain", 36, 37, "QUAD|TRI|ISOLINE"),
	ENUM("Output Topology", 40, 41, "POINT|LINE|TRI_CW|TRI_CCW"),
	ENUM("Partitioning", 44, 45, "INTEGER|ODD_FRACTIONAL|EVEN_FRACTIONAL"),
	FLOAT("Maximum Tessellation Factor Odd", 64, 95),
	FLOAT("Maximum Tessellation Factor Not Odd", 96, 127),
};

static const struct ugvt_field x3dstate_urb_clear[] = {
	ADDRESS("URB Address", 32, 46),
	UINT("URB Clear Length", 48, 61),
};

static const struct ugvt_field x3dstate_urb_ds[] = {
	UINT("DS Number of URB Entries", 32, 47),
	UINT("DS URB Entry Allocation Size", 48, 56),
	UINT("DS URB Starting Address", 57, 63),
};

static const struct ugvt_field x3dstate_urb_gs[] = {
	UINT("GS Number of URB Entries", 32, 47),
	UINT("GS URB Entry Allocation Size", 48, 56),
	UINT("GS URB Starting Address", 57, 63),
};

static const struct ugvt_field x3dstate_urb_hs[] = {
	UINT("HS Number of URB Entries", 32, 47),
	UINT("HS URB Entry Allocation Size", 48, 56),
	UINT("HS URB Starting Address", 57, 63),
};

static const struct ugvt_field x3dstate_urb_vs[] = {
	UINT("VS Number of URB Entries", 32, 47),
	UINT("VS URB Entry Allocation Size", 48, 56),
	UINT("VS URB Starting Address", 57, 63),
};

static const struct ugvt_field x3dstate_vertex_buffers[] = {
	GROUP(32, 128, 7, 0),
	UINT("Buffer Pitch", 0, 11),
	BOOL("Null Vertex Buffer", 13, 13),
	BOOL("Address Modify Enable", 14, 14),
	UINT("MOCS", 16, 22),
	UINT("Vertex Buffer Index", 26, 31),
	ADDRESS("Buffer Starting Address", 32, 95),
	UINT("Buffer Size", 96, 127),
};

static const struct ugvt_field x3dstate_vertex_elements[] = {
	GROUP(32, 64, 9, 0),
	UINT("Source Element Offset", 0, 11),
	BOOL("Edge Flag Enable", 15, 15),
	FORMAT("Source Element Format", 16, 24),
	BOOL("Valid", 25, 25),
	UINT("Vertex Buffer Index", 26, 31),
	ENUM("Component 3 Control", 48, 50, COMPONENT_CONTROLS),
	ENUM("Component 2 Control", 52, 54, COMPONENT_CONTROLS),
	ENUM("Component 1 Control", 56, 58, COMPONENT_CONTROLS),
	ENUM("Component 0 Control", 60, 62, COMPONENT_CONTROLS),
};

static const struct ugvt_field x3dstate_vf[] = {
	BOOL("Indexed Draw Cut Index Enable", 8, 8),
	BOOL("Component Packing Enable", 9, 9),
	BOOL("Sequential Draw Cut Index Enable", 10, 10),
	UINT("Cut Index", 32, 63),
};

static const struct ugvt_field x3dstate_vf_component_packing[] = {
	UINT("Vertex Element 00 Enables", 32, 35),
	UINT("Vertex Element 01 Enables", 36, 39),
	UINT("Vertex Element 02 Enables", 40, 43),
	UINT("Vertex Element 03 Enables", 44, 47),
	UINT("Vertex Element 04 Enables", 48, 51),
	UINT("Vertex Element 05 Enables", 52, 55),
	UINT("Vertex Element 06 Enables", 56, 59),
	UINT("Vertex Element 07 Enables", 60, 63),
	UINT("Vertex Element 08 Enables", 64, 67),
	UINT("Vertex Element 09 Enables", 68, 71),
	UINT("Vertex Element 10 Enables", 72, 75),
	UINT("Vertex Element 11 Enables", 76, 79),
	UINT("Vertex Element 12 Enables", 80, 83),
	UINT("Vertex Element 13 Enables", 84, 87),
	UINT("Vertex Element 14 Enables", 88, 91),
	UINT("Vertex Element 15 Enables", 92, 95),
	UINT("Vertex Element 16 Enables", 96, 99),
	UINT("Vertex Element 17 Enables", 100, 103),
	UINT("Vertex Element 18 Enables", 104, 107),
	UINT("Vertex Element 19 Enables", 108, 111),
	UINT("Vertex Element 20 Enables", 112, 115),
	UINT("Vertex Element 21 Enables", 116, 119),
	UINT("Vertex Element 22 Enables", 120, 123),
	UINT("Vertex Element 23 Enables", 124, 127),
	UINT("Vertex Element 24 Enables", 128, 131),
	UINT("Vertex Element 25 Enables", 132, 135),
	UINT("Vertex Element 26 Enables", 136, 139),
	UINT("Vertex Element 27 Enables", 140, 143),
	UINT("Vertex Element 28 Enables", 144, 147),
	UINT("Vertex Element 29 Enables", 148, 151),
	UINT("Vertex Element 30 Enables", 152, 155),
	UINT("Vertex Element 31 Enables", 156, 159),
};

static const struct ugvt_field x3dstate_vf_instancing[] = {
	UINT("Vertex Element Index", 32, 37),
	BOOL("Instancing Enable", 40, 40),
	UINT("Instance Data Step Rate", 64, 95),
};

static const struct ugvt_field x3dstate_vf_sgvs[] = {
	UINT("VertexID Element Offset", 32, 37),
	ENUM("VertexID Component Number", 45, 46, "COMP_0|COMP_1|COMP_2|COMP_3"),
	BOOL("VertexID Enable", 47, 47),
	UINT("InstanceID Element Offset", 48, 53),
	ENUM("InstanceID Component Number", 61, 62, "COMP_0|COMP_1|COMP_2|COMP_3"),
	BOOL("InstanceID Enable", 63, 63),
};

static const struct ugvt_field x3dstate_vf_statistics[] = {
	BOOL("Statistics Enable", 0, 0),
};

static const struct ugvt_field x3dstate_vf_topology[] = {
	TOPOLOGY("Primitive Topology Type", 32, 37),
};

static const struct ugvt_field x3dstate_viewport_state_pointers_cc[] = {
	ADDRESS("CC Viewport Pointer", 37, 63),
};

static const struct ugvt_field x3dstate_viewport_state_pointers_sf_clip[] = {
	ADDRESS("SF Clip Viewport Pointer", 38, 63),
};

static const struct ugvt_field x3dstate_vs[] = {
	KERNEL("Kernel Start Pointer", 38, 95),
	BOOL("Software Exception Enable", 103, 103),
	BOOL("Accesses UAV", 108, 108),
	BOOL("Illegal Opcode Exception Enable", 109, 109),
	ENUM("Floating Point Mode", 112, 112, "IEEE-754|Alternate"),
	UINT("Thread Dispatch Priority", 113, 113),
	UINT("Binding Table Entry Count", 114, 121),
	ENUM("Sampler Count", 123, 125, "No Samplers|1-4 Samplers|5-8 Samplers|9-12 Samplers|13-16 Samplers"),
	BOOL("Vector Mask Enable", 126, 126),
	BOOL("Single Vertex Dispatch", 127, 127),
	UINT("Per-Thread Scratch Space", 128, 131),
	ADDRESS("Scratch Space Base Pointer", 138, 191),
	UINT("Vertex URB Entry Read Offset", 196, 201),
	UINT("Vertex URB Entry Read Length", 203, 208),
	UINT("Dispatch GRF Start Register For URB Data", 212, 216),
	BOOL("Enable", 224, 224),
	BOOL("Vertex Cache Disable", 225, 225),
	BOOL("SIMD8 Dispatch Enable", 226, 226),
	BOOL("Statistics Enable", 234, 234),
	UINT("Maximum Number of Threads", 247, 255),
	UINT("User Clip Distance Cull Test Enable Bitmask", 256, 263),
	UINT("User Clip Distance Clip Test Enable Bitmask", 264, 271),
	UINT("Vertex URB Entry Output Length", 272, 276),
	UINT("Vertex URB Entry Output Read Offset", 277, 282),
};

static const struct ugvt_field x3dstate_wm[] = {
	ENUM("Force Kill Pixel Enable", 32, 33, "|ForceOff|ForceON"),
	ENUM("Point Rasterization Rule", 34, 34, "RASTRULE_UPPER_LEFT|RASTRULE_UPPER_RIGHT"),
	BOOL("Line Stipple Enable", 35, 35),
	BOOL("Polygon Stipple Enable", 36, 36),
	ENUM("Line Antialiasing Region Width", 38, 39, "0.5 pixels|1.0 pixels|2.0 pixels|4.0 pixels"),
	ENUM("Line End Cap Antialiasing Region Width", 40, 41, "0.5 pixels|1.0 pixels|2.0 pixels|4.0 pixels"),
	ENUM("Barycentric Interpolation Mode", 43, 48, "|BIM_PERSPECTIVE_PIXEL|BIM_PERSPECTIVE_CENTROID||BIM_PERSPECTIVE_SAMPLE||||BIM_LINEAR_PIXEL||||||||BIM_LINEAR_CENTROID||||||||||||||||BIM_LINEAR_SAMPLE"),
	ENUM("Position ZW Interpolation Mode", 49, 50, "INTERP_PIXEL||INTERP_CENTROID|INTERP_SAMPLE"),
	ENUM("Force Thread Dispatch Enable", 51, 52, "|ForceOff|ForceON"),
	ENUM("Early Depth/Stencil Control", 53, 54, "EDSC_NORMAL|EDSC_PSEXEC|EDSC_PREPS"),
	BOOL("Legacy Diamond Line Rasterization", 58, 58),
	BOOL("Legacy Hierarchical Depth Buffer Resolve Enable", 59, 59),
	BOOL("Legacy Depth Buffer Resolve Enable", 60, 60),
	BOOL("Legacy Depth Buffer Clear Enable", 62, 62),
	BOOL("Statistics Enable", 63, 63),
};

static const struct ugvt_field x3dstate_wm_chromakey[] = {
	BOOL("ChromaKey Kill Enable", 63, 63),
};

static const struct ugvt_field x3dstate_wm_depth_stencil[] = {
	BOOL("Depth Buffer Write Enable", 32, 32),
	BOOL("Depth Test Enable", 33, 33),
	BOOL("Stencil Buffer Write Enable", 34, 34),
	BOOL("Stencil Test Enable", 35, 35),
	BOOL("Double Sided Stencil Enable", 36, 36),
	ENUM("Depth Test Function", 37, 39, COMPARE_FUNCTIONS),
	ENUM("Stencil Test Function", 40, 42, COMPARE_FUNCTIONS),
	ENUM("Backface Stencil Pass Depth Pass Op", 43, 45, STENCIL_OPERATIONS),
	ENUM("Backface Stencil Pass Depth Fail Op", 46, 48, STENCIL_OPERATIONS),
	ENUM("Backface Stencil Fail Op", 49, 51, STENCIL_OPERATIONS),
	ENUM("Backface Stencil Test Function", 52, 54, COMPARE_FUNCTIONS),
	ENUM("Stencil Pass Depth Pass Op", 55, 57, STENCIL_OPERATIONS),
	ENUM("Stencil Pass Depth Fail Op", 58, 60, STENCIL_OPERATIONS),
	ENUM("Stencil Fail Op", 61, 63, STENCIL_OPERATIONS),
	HEX("Backface Stencil Write Mask", 64, 71),
	HEX("Backface Stencil Test Mask", 72, 79),
	HEX("Stencil Write Mask", 80, 87),
	HEX("Stencil Test Mask", 88, 95),
	UINT("Backface Stencil Reference Value", 96, 103),
	UINT("Stencil Reference Value", 104, 111),
};

static const struct ugvt_field x3dstate_wm_hz_op[] = {
	UINT("Number of Multisamples", 45, 47),
	UINT("Stencil Clear Value", 48, 55),
	BOOL("Full Surface Depth and Stencil Clear", 57, 57),
	BOOL("Pixel Position Offset Enable", 58, 58),
	BOOL("Hierarchical Depth Buffer Resolve Enable", 59, 59),
	BOOL("Depth Buffer Resolve Enable", 60, 60),
	BOOL("Scissor Rectangle Enable", 61, 61),
	BOOL("Depth Buffer Clear Enable", 62, 62),
	BOOL("Stencil Buffer Clear Enable", 63, 63),
	UINT("Clear Rectangle X Min", 64, 79),
	UINT("Clear Rectangle Y Min", 80, 95),
	UINT("Clear Rectangle X Max", 96, 111),
	UINT("Clear Rectangle Y Max", 112, 127),
	HEX("Sample Mask", 128, 143),
};

const struct ugvt_layout ugvt_layouts_3d[] = {
	LAYOUT("3DPRIMITIVE", x3dprimitive),
	LAYOUT("3DSTATE_AA_LINE_PARAMETERS", x3dstate_aa_line_parameters),
	LAYOUT("3DSTATE_BINDING_TABLE_EDIT_DS", x3dstate_binding_table_edit_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_EDIT_GS", x3dstate_binding_table_edit_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_EDIT_HS", x3dstate_binding_table_edit_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_EDIT_PS", x3dstate_binding_table_edit_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_EDIT_VS", x3dstate_binding_table_edit_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_POINTERS_DS", x3dstate_binding_table_pointers_ds),
	LAYOUT("3DSTATE_BINDING_TABLE_POINTERS_GS", x3dstate_binding_table_pointers_gs),
	LAYOUT("3DSTATE_BINDING_TABLE_POINTERS_HS", x3dstate_binding_table_pointers_hs),
	LAYOUT("3DSTATE_BINDING_TABLE_POINTERS_PS", x3dstate_binding_table_pointers_ps),
	LAYOUT("3DSTATE_BINDING_TABLE_POINTERS_VS", x3dstate_binding_table_pointers_vs),
	LAYOUT("3DSTATE_BINDING_TABLE_POOL_ALLOC", x3dstate_binding_table_pool_alloc),
	LAYOUT("3DSTATE_BLEND_STATE_POINTERS", x3dstate_blend_state_pointers),
	LAYOUT("3DSTATE_CC_STATE_POINTERS", x3dstate_cc_state_pointers),
	LAYOUT("3DSTATE_CHROMA_KEY", x3dstate_chroma_key),
	LAYOUT("3DSTATE_CLEAR_PARAMS", x3dstate_clear_params),
	LAYOUT("3DSTATE_CLIP", x3dstate_clip),
	LAYOUT("3DSTATE_CONSTANT_DS", x3dstate_constant_ds),
	LAYOUT("3DSTATE_CONSTANT_GS", x3dstate_constant_ds),
	LAYOUT("3DSTATE_CONSTANT_HS", x3dstate_constant_ds),
	LAYOUT("3DSTATE_CONSTANT_PS", x3dstate_constant_ds),
	LAYOUT("3DSTATE_CONSTANT_VS", x3dstate_constant_ds),
	LAYOUT("3DSTATE_DEPTH_BUFFER", x3dstate_depth_buffer),
	LAYOUT("3DSTATE_DRAWING_RECTANGLE", x3dstate_drawing_rectangle),
	LAYOUT("3DSTATE_DS", x3dstate_ds),
	LAYOUT("3DSTATE_GATHER_CONSTANT_DS", x3dstate_gather_constant_ds),
	LAYOUT("3DSTATE_GATHER_CONSTANT_GS", x3dstate_gather_constant_ds),
	LAYOUT("3DSTATE_GATHER_CONSTANT_HS", x3dstate_gather_constant_ds),
	LAYOUT("3DSTATE_GATHER_CONSTANT_PS", x3dstate_gather_constant_ps),
	LAYOUT("3DSTATE_GATHER_CONSTANT_VS", x3dstate_gather_constant_ps),
	LAYOUT("3DSTATE_GATHER_POOL_ALLOC", x3dstate_gather_pool_alloc),
	LAYOUT("3DSTATE_GS", x3dstate_gs),
	LAYOUT("3DSTATE_HIER_DEPTH_BUFFER", x3dstate_hier_depth_buffer),
	LAYOUT("3DSTATE_HS", x3dstate_hs),
	LAYOUT("3DSTATE_INDEX_BUFFER", x3dstate_index_buffer),
	LAYOUT("3DSTATE_LINE_STIPPLE", x3dstate_line_stipple),
	LAYOUT("3DSTATE_MONOFILTER_SIZE", x3dstate_monofilter_size),
	LAYOUT("3DSTATE_MULTISAMPLE", x3dstate_multisample),
	LAYOUT("3DSTATE_POLY_STIPPLE_OFFSET", x3dstate_poly_stipple_offset),
	LAYOUT("3DSTATE_POLY_STIPPLE_PATTERN", x3dstate_poly_stipple_pattern),
	LAYOUT("3DSTATE_PS", x3dstate_ps),
	LAYOUT("3DSTATE_PS_BLEND", x3dstate_ps_blend),
	LAYOUT("3DSTATE_PS_EXTRA", x3dstate_ps_extra),
	LAYOUT("3DSTATE_PUSH_CONSTANT_ALLOC_DS", x3dstate_push_constant_alloc_ds),
	LAYOUT("3DSTATE_PUSH_CONSTANT_ALLOC_GS", x3dstate_push_constant_alloc_ds),
	LAYOUT("3DSTATE_PUSH_CONSTANT_ALLOC_HS", x3dstate_push_constant_alloc_ds),
	LAYOUT("3DSTATE_PUSH_CONSTANT_ALLOC_PS", x3dstate_push_constant_alloc_ds),
	LAYOUT("3DSTATE_PUSH_CONSTANT_ALLOC_VS", x3dstate_push_constant_alloc_ds),
	LAYOUT("3DSTATE_RASTER", x3dstate_raster),
	LAYOUT("3DSTATE_RS_CONSTANT_POINTER", x3dstate_rs_constant_pointer),
	LAYOUT("3DSTATE_SAMPLER_PALETTE_LOAD0", x3dstate_sampler_palette_load0),
	LAYOUT("3DSTATE_SAMPLER_PALETTE_LOAD1", x3dstate_sampler_palette_load1),
	LAYOUT("3DSTATE_SAMPLER_STATE_POINTERS_DS", x3dstate_sampler_state_pointers_ds),
	LAYOUT("3DSTATE_SAMPLER_STATE_POINTERS_GS", x3dstate_sampler_state_pointers_gs),
	LAYOUT("3DSTATE_SAMPLER_STATE_POINTERS_HS", x3dstate_sampler_state_pointers_hs),
	LAYOUT("3DSTATE_SAMPLER_STATE_POINTERS_PS", x3dstate_sampler_state_pointers_ps),
	LAYOUT("3DSTATE_SAMPLER_STATE_POINTERS_VS", x3dstate_sampler_state_pointers_vs),
	LAYOUT("3DSTATE_SAMPLE_MASK", x3dstate_sample_mask),
	LAYOUT("3DSTATE_SAMPLE_PATTERN", x3dstate_sample_pattern),
	LAYOUT("3DSTATE_SBE", x3dstate_sbe),
	LAYOUT("3DSTATE_SBE_SWIZ", x3dstate_sbe_swiz),
	LAYOUT("3DSTATE_SCISSOR_STATE_POINTERS", x3dstate_scissor_state_pointers),
	LAYOUT("3DSTATE_SF", x3dstate_sf),
	LAYOUT("3DSTATE_SO_BUFFER", x3dstate_so_buffer),
	LAYOUT("3DSTATE_SO_DECL_LIST", x3dstate_so_decl_list),
	LAYOUT("3DSTATE_STENCIL_BUFFER", x3dstate_stencil_buffer),
	LAYOUT("3DSTATE_STREAMOUT", x3dstate_streamout),
	LAYOUT("3DSTATE_TE", x3dstate_te),
	LAYOUT("3DSTATE_URB_CLEAR", x3dstate_urb_clear),
	LAYOUT("3DSTATE_URB_DS", x3dstate_urb_ds),
	LAYOUT("3DSTATE_URB_GS", x3dstate_urb_gs),
	LAYOUT("3DSTATE_URB_HS", x3dstate_urb_hs),
	LAYOUT("3DSTATE_URB_VS", x3dstate_urb_vs),
	LAYOUT("3DSTATE_VERTEX_BUFFERS", x3dstate_vertex_buffers),
	LAYOUT("3DSTATE_VERTEX_ELEMENTS", x3dstate_vertex_elements),
	LAYOUT("3DSTATE_VF", x3dstate_vf),
	LAYOUT("3DSTATE_VF_COMPONENT_PACKING", x3dstate_vf_component_packing),
	LAYOUT("3DSTATE_VF_INSTANCING", x3dstate_vf_instancing),
	LAYOUT("3DSTATE_VF_SGVS", x3dstate_vf_sgvs),
	LAYOUT("3DSTATE_VF_STATISTICS", x3dstate_vf_statistics),
	LAYOUT("3DSTATE_VF_TOPOLOGY", x3dstate_vf_topology),
	LAYOUT("3DSTATE_VIEWPORT_STATE_POINTERS_CC", x3dstate_viewport_state_pointers_cc),
	LAYOUT("3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP", x3dstate_viewport_state_pointers_sf_clip),
	LAYOUT("3DSTATE_VS", x3dstate_vs),
	LAYOUT("3DSTATE_WM", x3dstate_wm),
	LAYOUT("3DSTATE_WM_CHROMAKEY", x3dstate_wm_chromakey),
	LAYOUT("3DSTATE_WM_DEPTH_STENCIL", x3dstate_wm_depth_stencil),
	LAYOUT("3DSTATE_WM_HZ_OP", x3dstate_wm_hz_op),
	{0},
};

// clang-format on
