/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_STATE_FIELDS_H
#define UGVT_GPU_RENDER_STATE_FIELDS_H

/*
 * The fields of state commands that drawing reads, one row each. Names, dwords and bits: Mesa src/intel/genxml/gen9.xml; what they
 * mean: PRM SNB vol 2 part 1, and where Gen9 differs PRM BXT vol 6.
 */

// clang-format off

/* The commands: name without "3DSTATE_" or "STATE_", bits 31:16 of the header. */
#define UGVT_STATES(X) \
	X(VF_STATISTICS, 0x680b) \
	X(VF, 0x780c) \
	X(VF_SGVS, 0x784a) \
	X(VF_TOPOLOGY, 0x784b) \
	X(INDEX_BUFFER, 0x780a) \
	X(VS, 0x7810) \
	X(URB_VS, 0x7830) \
	X(HS, 0x781b) \
	X(TE, 0x781c) \
	X(DS, 0x781d) \
	X(GS, 0x7811) \
	X(STREAMOUT, 0x781e) \
	X(SO_DECL_LIST, 0x7917) \
	X(URB_HS, 0x7831) \
	X(URB_DS, 0x7832) \
	X(URB_GS, 0x7833) \
	X(CONSTANT_GS, 0x7816) \
	X(CONSTANT_HS, 0x7819) \
	X(CONSTANT_DS, 0x781a) \
	X(BINDING_TABLE_POINTERS_HS, 0x7827) \
	X(BINDING_TABLE_POINTERS_DS, 0x7828) \
	X(BINDING_TABLE_POINTERS_GS, 0x7829) \
	X(SAMPLER_STATE_POINTERS_HS, 0x782c) \
	X(SAMPLER_STATE_POINTERS_DS, 0x782d) \
	X(SAMPLER_STATE_POINTERS_GS, 0x782e) \
	X(CLIP, 0x7812) \
	X(SF, 0x7813) \
	X(RASTER, 0x7850) \
	X(SBE, 0x781f) \
	X(WM, 0x7814) \
	X(WM_DEPTH_STENCIL, 0x784e) \
	X(WM_HZ_OP, 0x7852) \
	X(PS, 0x7820) \
	X(PS_EXTRA, 0x784f) \
	X(PS_BLEND, 0x784d) \
	X(MULTISAMPLE, 0x780d) \
	X(SAMPLE_MASK, 0x7818) \
	X(DRAWING_RECTANGLE, 0x7900) \
	X(DEPTH_BUFFER, 0x7805) \
	X(STENCIL_BUFFER, 0x7806) \
	X(CLEAR_PARAMS, 0x7804) \
	X(LINE_STIPPLE, 0x7908) \
	X(POLY_STIPPLE_OFFSET, 0x7906) \
	X(AA_LINE_PARAMETERS, 0x790a) \
	X(BASE_ADDRESS, 0x6101) \
	X(PIPELINE_SELECT, 0x6904) \
	X(VIEWPORT_STATE_POINTERS_SF_CLIP, 0x7821) \
	X(VIEWPORT_STATE_POINTERS_CC, 0x7823) \
	X(SCISSOR_STATE_POINTERS, 0x780f) \
	X(BLEND_STATE_POINTERS, 0x7824) \
	X(CC_STATE_POINTERS, 0x780e) \
	X(BINDING_TABLE_POINTERS_VS, 0x7826) \
	X(BINDING_TABLE_POINTERS_PS, 0x782a) \
	X(SAMPLER_STATE_POINTERS_VS, 0x782b) \
	X(SAMPLER_STATE_POINTERS_PS, 0x782f) \
	X(VERTEX_ELEMENTS, 0x7809) \
	X(CONSTANT_VS, 0x7815) \
	X(CONSTANT_PS, 0x7817) \
	X(SBE_SWIZ, 0x7851) \
	X(SAMPLE_PATTERN, 0x791c) \
	X(POLY_STIPPLE_PATTERN, 0x7907) \
	X(HIER_DEPTH_BUFFER, 0x7807) \
	X(VF_COMPONENT_PACKING, 0x7855) \
	X(MEDIA_VFE_STATE, 0x7000) \
	X(MEDIA_CURBE_LOAD, 0x7001) \
	X(MEDIA_INTERFACE_DESCRIPTOR_LOAD, 0x7002)

/* Of one dword: name, command, dword, highest and lowest bit. */
#define UGVT_STATE_FIELDS(X) \
	X(vf_statistics, VF_STATISTICS, 0, 0, 0) \
	X(cut_indexed, VF, 0, 8, 8) \
	X(cut_sequential, VF, 0, 10, 10) \
	X(vf_packing, VF, 0, 9, 9) \
	X(cut_index, VF, 1, 31, 0) \
	X(vertex_id, VF_SGVS, 1, 15, 15) \
	X(vertex_id_component, VF_SGVS, 1, 14, 13) \
	X(vertex_id_element, VF_SGVS, 1, 5, 0) \
	X(instance_id, VF_SGVS, 1, 31, 31) \
	X(instance_id_component, VF_SGVS, 1, 30, 29) \
	X(instance_id_element, VF_SGVS, 1, 21, 16) \
	X(topology, VF_TOPOLOGY, 1, 5, 0) \
	X(index_format, INDEX_BUFFER, 1, 9, 8) \
	X(index_size, INDEX_BUFFER, 4, 31, 0) \
	X(vs_alternate, VS, 3, 16, 16) \
	X(vs_vector_mask, VS, 3, 30, 30) \
	X(vs_samplers, VS, 3, 29, 27) \
	X(vs_scratch_size, VS, 4, 3, 0) \
	X(vs_read_offset, VS, 6, 9, 4) \
	X(vs_read_length, VS, 6, 16, 11) \
	X(vs_grf_start, VS, 6, 24, 20) \
	X(vs_enable, VS, 7, 0, 0) \
	X(vs_cache_disable, VS, 7, 1, 1) \
	X(vs_simd8, VS, 7, 2, 2) \
	X(vs_statistics, VS, 7, 10, 10) \
	X(vs_cull_distances, VS, 8, 7, 0) \
	X(vs_clip_distances, VS, 8, 15, 8) \
	X(vs_output_length, VS, 8, 20, 16) \
	X(vs_output_offset, VS, 8, 26, 21) \
	X(vs_entry_size, URB_VS, 1, 24, 16) \
	X(hs_enable, HS, 2, 31, 31) \
	X(te_enable, TE, 1, 0, 0) \
	X(ds_enable, DS, 7, 0, 0) \
	X(hs_alternate, HS, 1, 16, 16) \
	X(hs_instances, HS, 2, 3, 0) \
	X(hs_statistics, HS, 2, 29, 29) \
	X(hs_primitive_id, HS, 7, 0, 0) \
	X(hs_dispatch_mode, HS, 7, 18, 17) \
	X(hs_grf_start, HS, 7, 23, 19) \
	X(hs_grf_start_high, HS, 7, 28, 28) \
	X(hs_entry_size, URB_HS, 1, 24, 16) \
	X(te_domain, TE, 1, 5, 4) \
	X(te_topology, TE, 1, 9, 8) \
	X(te_partitioning, TE, 1, 13, 12) \
	X(te_max_odd, TE, 2, 31, 0) \
	X(te_max_even, TE, 3, 31, 0) \
	X(ds_alternate, DS, 3, 16, 16) \
	X(ds_read_offset, DS, 6, 9, 4) \
	X(ds_read_length, DS, 6, 17, 11) \
	X(ds_grf_start, DS, 6, 24, 20) \
	X(ds_compute_w, DS, 7, 2, 2) \
	X(ds_dispatch_mode, DS, 7, 4, 3) \
	X(ds_statistics, DS, 7, 10, 10) \
	X(ds_cull_distances, DS, 8, 7, 0) \
	X(ds_clip_distances, DS, 8, 15, 8) \
	X(ds_entry_size, URB_DS, 1, 24, 16) \
	X(gs_alternate, GS, 3, 16, 16) \
	X(gs_grf_start, GS, 6, 3, 0) \
	X(gs_read_offset, GS, 6, 9, 4) \
	X(gs_handles, GS, 6, 10, 10) \
	X(gs_read_length, GS, 6, 16, 11) \
	X(gs_topology, GS, 6, 22, 17) \
	X(gs_vertex_size, GS, 6, 28, 23) \
	X(gs_grf_start_high, GS, 6, 30, 29) \
	X(gs_enable, GS, 7, 0, 0) \
	X(gs_discard_adjacency, GS, 7, 1, 1) \
	X(gs_trailing, GS, 7, 2, 2) \
	X(gs_primitive_id, GS, 7, 4, 4) \
	X(gs_statistics, GS, 7, 10, 10) \
	X(gs_dispatch_mode, GS, 7, 12, 11) \
	X(gs_default_stream, GS, 7, 14, 13) \
	X(gs_instances, GS, 7, 19, 15) \
	X(gs_control_size, GS, 7, 23, 20) \
	X(gs_static_count, GS, 8, 26, 16) \
	X(gs_is_static, GS, 8, 30, 30) \
	X(gs_control_streams, GS, 8, 31, 31) \
	X(gs_cull_distances, GS, 9, 7, 0) \
	X(gs_clip_distances, GS, 9, 15, 8) \
	X(gs_entry_size, URB_GS, 1, 24, 16) \
	X(so_force_rendering, STREAMOUT, 1, 24, 23) \
	X(so_statistics, STREAMOUT, 1, 25, 25) \
	X(so_trailing, STREAMOUT, 1, 26, 26) \
	X(so_render_stream, STREAMOUT, 1, 28, 27) \
	X(so_rendering_disable, STREAMOUT, 1, 30, 30) \
	X(so_enable, STREAMOUT, 1, 31, 31) \
	X(so_pitch_0, STREAMOUT, 3, 11, 0) \
	X(so_pitch_1, STREAMOUT, 3, 27, 16) \
	X(so_pitch_2, STREAMOUT, 4, 11, 0) \
	X(so_pitch_3, STREAMOUT, 4, 27, 16) \
	X(clip_cull_distances, CLIP, 1, 7, 0) \
	X(clip_statistics, CLIP, 1, 10, 10) \
	X(clip_force_mode, CLIP, 1, 16, 16) \
	X(clip_force_distances, CLIP, 1, 17, 17) \
	X(clip_force_cull, CLIP, 1, 20, 20) \
	X(clip_provoking_fan, CLIP, 2, 1, 0) \
	X(clip_provoking_line, CLIP, 2, 3, 2) \
	X(clip_provoking_triangle, CLIP, 2, 5, 4) \
	X(clip_linear, CLIP, 2, 8, 8) \
	X(clip_divide_disable, CLIP, 2, 9, 9) \
	X(clip_mode, CLIP, 2, 15, 13) \
	X(clip_distances, CLIP, 2, 23, 16) \
	X(clip_guardband, CLIP, 2, 26, 26) \
	X(clip_viewport, CLIP, 2, 28, 28) \
	X(clip_d3d, CLIP, 2, 30, 30) \
	X(clip_enable, CLIP, 2, 31, 31) \
	X(clip_viewport_max, CLIP, 3, 3, 0) \
	X(clip_zero_layer, CLIP, 3, 5, 5) \
	X(clip_point_max, CLIP, 3, 16, 6) \
	X(clip_point_min, CLIP, 3, 27, 17) \
	X(sf_transform, SF, 1, 1, 1) \
	X(sf_statistics, SF, 1, 10, 10) \
	X(sf_legacy_depth_bias, SF, 1, 11, 11) \
	X(line_width, SF, 1, 29, 12) \
	X(line_end_region, SF, 2, 17, 16) \
	X(point_width, SF, 3, 10, 0) \
	X(point_width_state, SF, 3, 11, 11) \
	X(sf_smooth_point, SF, 3, 13, 13) \
	X(line_true_distance, SF, 3, 14, 14) \
	X(provoking_fan, SF, 3, 26, 25) \
	X(provoking_line, SF, 3, 28, 27) \
	X(provoking_triangle, SF, 3, 30, 29) \
	X(line_last_pixel, SF, 3, 31, 31) \
	X(sf_subpixel_4, SF, 3, 12, 12) \
	X(clip_near, RASTER, 1, 0, 0) \
	X(clip_far, RASTER, 1, 26, 26) \
	X(scissor_enable, RASTER, 1, 1, 1) \
	X(antialiasing, RASTER, 1, 2, 2) \
	X(fill_back, RASTER, 1, 4, 3) \
	X(fill_front, RASTER, 1, 6, 5) \
	X(depth_offset_point, RASTER, 1, 7, 7) \
	X(depth_offset_wireframe, RASTER, 1, 8, 8) \
	X(depth_offset_solid, RASTER, 1, 9, 9) \
	X(raster_msaa_mode, RASTER, 1, 11, 10) \
	X(raster_msaa, RASTER, 1, 12, 12) \
	X(smooth_point, RASTER, 1, 13, 13) \
	X(raster_force_msaa, RASTER, 1, 14, 14) \
	X(cull_mode, RASTER, 1, 17, 16) \
	X(forced_samples, RASTER, 1, 20, 18) \
	X(front_ccw, RASTER, 1, 21, 21) \
	X(raster_api, RASTER, 1, 23, 22) \
	X(depth_offset_constant, RASTER, 2, 31, 0) \
	X(depth_offset_scale, RASTER, 3, 31, 0) \
	X(depth_offset_clamp, RASTER, 4, 31, 0) \
	X(sbe_primitive_id_attribute, SBE, 1, 4, 0) \
	X(sbe_read_offset, SBE, 1, 10, 5) \
	X(sbe_read_length, SBE, 1, 15, 11) \
	X(sbe_primitive_id_x, SBE, 1, 16, 16) \
	X(sbe_primitive_id_y, SBE, 1, 17, 17) \
	X(sbe_primitive_id_z, SBE, 1, 18, 18) \
	X(sbe_primitive_id_w, SBE, 1, 19, 19) \
	X(sprite_lower_left, SBE, 1, 20, 20) \
	X(sbe_swizzle, SBE, 1, 21, 21) \
	X(sbe_attributes, SBE, 1, 27, 22) \
	X(sbe_force_offset, SBE, 1, 28, 28) \
	X(sbe_force_length, SBE, 1, 29, 29) \
	X(sprite_attributes, SBE, 2, 31, 0) \
	X(flat_attributes, SBE, 3, 31, 0) \
	X(wm_force_kill, WM, 1, 1, 0) \
	X(point_upper_right, WM, 1, 2, 2) \
	X(line_stipple, WM, 1, 3, 3) \
	X(polygon_stipple, WM, 1, 4, 4) \
	X(line_region, WM, 1, 7, 6) \
	X(barycentrics, WM, 1, 16, 11) \
	X(wm_position_mode, WM, 1, 18, 17) \
	X(wm_force_dispatch, WM, 1, 20, 19) \
	X(wm_early_control, WM, 1, 22, 21) \
	X(wm_statistics, WM, 1, 31, 31) \
	X(line_diamond, WM, 1, 26, 26) \
	X(depth_write, WM_DEPTH_STENCIL, 1, 0, 0) \
	X(depth_test, WM_DEPTH_STENCIL, 1, 1, 1) \
	X(stencil_write, WM_DEPTH_STENCIL, 1, 2, 2) \
	X(stencil_test, WM_DEPTH_STENCIL, 1, 3, 3) \
	X(stencil_two_sided, WM_DEPTH_STENCIL, 1, 4, 4) \
	X(depth_function, WM_DEPTH_STENCIL, 1, 7, 5) \
	X(stencil_function, WM_DEPTH_STENCIL, 1, 10, 8) \
	X(stencil_back_pass, WM_DEPTH_STENCIL, 1, 13, 11) \
	X(stencil_back_depth_fail, WM_DEPTH_STENCIL, 1, 16, 14) \
	X(stencil_back_fail, WM_DEPTH_STENCIL, 1, 19, 17) \
	X(stencil_back_function, WM_DEPTH_STENCIL, 1, 22, 20) \
	X(stencil_pass, WM_DEPTH_STENCIL, 1, 25, 23) \
	X(stencil_depth_fail, WM_DEPTH_STENCIL, 1, 28, 26) \
	X(stencil_fail, WM_DEPTH_STENCIL, 1, 31, 29) \
	X(stencil_back_write_mask, WM_DEPTH_STENCIL, 2, 7, 0) \
	X(stencil_back_test_mask, WM_DEPTH_STENCIL, 2, 15, 8) \
	X(stencil_write_mask, WM_DEPTH_STENCIL, 2, 23, 16) \
	X(stencil_test_mask, WM_DEPTH_STENCIL, 2, 31, 24) \
	X(stencil_back_reference, WM_DEPTH_STENCIL, 3, 7, 0) \
	X(stencil_reference, WM_DEPTH_STENCIL, 3, 15, 8) \
	X(hz_samples, WM_HZ_OP, 1, 15, 13) \
	X(hz_stencil_value, WM_HZ_OP, 1, 23, 16) \
	X(hz_full_surface, WM_HZ_OP, 1, 25, 25) \
	X(hz_resolve, WM_HZ_OP, 1, 27, 27) \
	X(hz_depth_resolve, WM_HZ_OP, 1, 28, 28) \
	X(hz_scissor, WM_HZ_OP, 1, 29, 29) \
	X(hz_depth_clear, WM_HZ_OP, 1, 30, 30) \
	X(hz_stencil_clear, WM_HZ_OP, 1, 31, 31) \
	X(hz_x_min, WM_HZ_OP, 2, 15, 0) \
	X(hz_y_min, WM_HZ_OP, 2, 31, 16) \
	X(hz_x_max, WM_HZ_OP, 3, 15, 0) \
	X(hz_y_max, WM_HZ_OP, 3, 31, 16) \
	X(hz_sample_mask, WM_HZ_OP, 4, 15, 0) \
	X(ps_rounding, PS, 3, 15, 14) \
	X(ps_alternate, PS, 3, 16, 16) \
	X(ps_denormals, PS, 3, 26, 26) \
	X(ps_samplers, PS, 3, 29, 27) \
	X(ps_vector_mask, PS, 3, 30, 30) \
	X(ps_scratch_size, PS, 4, 3, 0) \
	X(ps_dispatch_8, PS, 6, 0, 0) \
	X(ps_dispatch_16, PS, 6, 1, 1) \
	X(ps_dispatch_32, PS, 6, 2, 2) \
	X(ps_position_offset, PS, 6, 4, 3) \
	X(ps_resolve, PS, 6, 7, 6) \
	X(ps_fast_clear, PS, 6, 8, 8) \
	X(ps_push_constants, PS, 6, 11, 11) \
	X(ps_grf_start_0, PS, 7, 22, 16) \
	X(ps_grf_start_1, PS, 7, 14, 8) \
	X(ps_grf_start_2, PS, 7, 6, 0) \
	X(ps_coverage_input, PS_EXTRA, 1, 1, 0) \
	X(ps_uav, PS_EXTRA, 1, 2, 2) \
	X(ps_pulls_barycentrics, PS_EXTRA, 1, 3, 3) \
	X(ps_computes_stencil, PS_EXTRA, 1, 5, 5) \
	X(ps_per_sample, PS_EXTRA, 1, 6, 6) \
	X(ps_no_alpha_to_coverage, PS_EXTRA, 1, 7, 7) \
	X(ps_attributes, PS_EXTRA, 1, 8, 8) \
	X(ps_source_w, PS_EXTRA, 1, 23, 23) \
	X(ps_source_depth, PS_EXTRA, 1, 24, 24) \
	X(ps_force_computed_depth, PS_EXTRA, 1, 25, 25) \
	X(ps_computed_depth, PS_EXTRA, 1, 27, 26) \
	X(ps_kills, PS_EXTRA, 1, 28, 28) \
	X(ps_omask, PS_EXTRA, 1, 29, 29) \
	X(ps_no_target, PS_EXTRA, 1, 30, 30) \
	X(ps_valid, PS_EXTRA, 1, 31, 31) \
	X(blend_alpha_test, PS_BLEND, 1, 8, 8) \
	X(blend_enable, PS_BLEND, 1, 29, 29) \
	X(blend_has_target, PS_BLEND, 1, 30, 30) \
	X(blend_alpha_to_coverage, PS_BLEND, 1, 31, 31) \
	X(blend_independent_alpha, PS_BLEND, 1, 7, 7) \
	X(samples, MULTISAMPLE, 1, 3, 1) \
	X(pixel_upper_left, MULTISAMPLE, 1, 4, 4) \
	X(pixel_offset, MULTISAMPLE, 1, 5, 5) \
	X(sample_mask, SAMPLE_MASK, 1, 15, 0) \
	X(rectangle_x_min, DRAWING_RECTANGLE, 1, 15, 0) \
	X(rectangle_y_min, DRAWING_RECTANGLE, 1, 31, 16) \
	X(rectangle_x_max, DRAWING_RECTANGLE, 2, 15, 0) \
	X(rectangle_y_max, DRAWING_RECTANGLE, 2, 31, 16) \
	X(rectangle_x, DRAWING_RECTANGLE, 3, 15, 0) \
	X(rectangle_y, DRAWING_RECTANGLE, 3, 31, 16) \
	X(depth_pitch, DEPTH_BUFFER, 1, 17, 0) \
	X(depth_format, DEPTH_BUFFER, 1, 20, 18) \
	X(depth_hiz, DEPTH_BUFFER, 1, 22, 22) \
	X(depth_stencil_write, DEPTH_BUFFER, 1, 27, 27) \
	X(depth_buffer_write, DEPTH_BUFFER, 1, 28, 28) \
	X(depth_type, DEPTH_BUFFER, 1, 31, 29) \
	X(depth_lod, DEPTH_BUFFER, 4, 3, 0) \
	X(depth_width, DEPTH_BUFFER, 4, 17, 4) \
	X(depth_height, DEPTH_BUFFER, 4, 31, 18) \
	X(depth_first_layer, DEPTH_BUFFER, 5, 20, 10) \
	X(depth_layers, DEPTH_BUFFER, 5, 31, 21) \
	X(depth_qpitch, DEPTH_BUFFER, 7, 14, 0) \
	X(depth_extent, DEPTH_BUFFER, 7, 31, 21) \
	X(stencil_pitch, STENCIL_BUFFER, 1, 16, 0) \
	X(stencil_enable, STENCIL_BUFFER, 1, 31, 31) \
	X(stencil_qpitch, STENCIL_BUFFER, 4, 14, 0) \
	X(depth_clear_value, CLEAR_PARAMS, 1, 31, 0) \
	X(depth_clear_valid, CLEAR_PARAMS, 2, 0, 0) \
	X(stipple_pattern, LINE_STIPPLE, 1, 15, 0) \
	X(stipple_index, LINE_STIPPLE, 1, 19, 16) \
	X(stipple_counter, LINE_STIPPLE, 1, 29, 21) \
	X(stipple_repeat, LINE_STIPPLE, 2, 8, 0) \
	X(stipple_inverse_repeat, LINE_STIPPLE, 2, 31, 15) \
	X(polygon_stipple_y, POLY_STIPPLE_OFFSET, 1, 4, 0) \
	X(polygon_stipple_x, POLY_STIPPLE_OFFSET, 1, 12, 8) \
	X(aa_slope, AA_LINE_PARAMETERS, 1, 7, 0) \
	X(aa_bias, AA_LINE_PARAMETERS, 1, 23, 16) \
	X(aa_cap_slope, AA_LINE_PARAMETERS, 2, 7, 0) \
	X(aa_cap_bias, AA_LINE_PARAMETERS, 2, 23, 16) \
	X(aa_point_slope, AA_LINE_PARAMETERS, 1, 15, 8) \
	X(aa_point_bias, AA_LINE_PARAMETERS, 1, 31, 24) \
	X(bindless_size, BASE_ADDRESS, 18, 31, 12) \
	X(pipeline, PIPELINE_SELECT, 0, 1, 0) \
	X(vfe_scratch_size, MEDIA_VFE_STATE, 1, 3, 0) \
	X(curbe_length, MEDIA_CURBE_LOAD, 2, 16, 0)

/* Addresses: bits of the two dwords from there on. */
#define UGVT_STATE_ADDRESSES(X) \
	X(general_base, BASE_ADDRESS, 1, 47, 12) \
	X(surface_base, BASE_ADDRESS, 4, 47, 12) \
	X(dynamic_base, BASE_ADDRESS, 6, 47, 12) \
	X(indirect_base, BASE_ADDRESS, 8, 47, 12) \
	X(instruction_base, BASE_ADDRESS, 10, 47, 12) \
	X(bindless_base, BASE_ADDRESS, 16, 47, 12) \
	X(index_buffer, INDEX_BUFFER, 2, 47, 0) \
	X(depth_buffer, DEPTH_BUFFER, 2, 47, 0) \
	X(stencil_buffer, STENCIL_BUFFER, 2, 47, 0)

/* The same, as offsets from a base address. */
#define UGVT_STATE_OFFSETS(X) \
	X(vs_kernel, VS, 1, 47, 6, instruction_base) \
	X(hs_kernel, HS, 3, 47, 6, instruction_base) \
	X(ds_kernel, DS, 1, 47, 6, instruction_base) \
	X(gs_kernel, GS, 1, 47, 6, instruction_base) \
	X(vs_scratch, VS, 4, 47, 10, general_base) \
	X(ps_kernel_0, PS, 1, 47, 6, instruction_base) \
	X(ps_kernel_1, PS, 8, 47, 6, instruction_base) \
	X(ps_kernel_2, PS, 10, 47, 6, instruction_base) \
	X(ps_scratch, PS, 4, 47, 10, general_base) \
	X(sf_clip_viewports, VIEWPORT_STATE_POINTERS_SF_CLIP, 1, 31, 6, dynamic_base) \
	X(cc_viewports, VIEWPORT_STATE_POINTERS_CC, 1, 31, 5, dynamic_base) \
	X(scissors, SCISSOR_STATE_POINTERS, 1, 31, 5, dynamic_base) \
	X(blend_state, BLEND_STATE_POINTERS, 1, 31, 6, dynamic_base) \
	X(color_calc_state, CC_STATE_POINTERS, 1, 31, 6, dynamic_base) \
	X(vs_binding_table, BINDING_TABLE_POINTERS_VS, 1, 15, 5, surface_base) \
	X(hs_binding_table, BINDING_TABLE_POINTERS_HS, 1, 15, 5, surface_base) \
	X(ds_binding_table, BINDING_TABLE_POINTERS_DS, 1, 15, 5, surface_base) \
	X(gs_binding_table, BINDING_TABLE_POINTERS_GS, 1, 15, 5, surface_base) \
	X(ps_binding_table, BINDING_TABLE_POINTERS_PS, 1, 15, 5, surface_base) \
	X(vs_sampler_table, SAMPLER_STATE_POINTERS_VS, 1, 31, 5, dynamic_base) \
	X(hs_sampler_table, SAMPLER_STATE_POINTERS_HS, 1, 31, 5, dynamic_base) \
	X(ds_sampler_table, SAMPLER_STATE_POINTERS_DS, 1, 31, 5, dynamic_base) \
	X(gs_sampler_table, SAMPLER_STATE_POINTERS_GS, 1, 31, 5, dynamic_base) \
	X(ps_sampler_table, SAMPLER_STATE_POINTERS_PS, 1, 31, 5, dynamic_base) \
	X(curbe, MEDIA_CURBE_LOAD, 3, 31, 0, dynamic_base) \
	X(descriptors, MEDIA_INTERFACE_DESCRIPTOR_LOAD, 3, 31, 0, dynamic_base)

// clang-format on

#endif
